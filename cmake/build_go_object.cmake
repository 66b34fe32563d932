# Run with cmake -P by GoObject.cmake: builds the Go side and makes one relocatable object of it.
#
# In:  GO SOURCE_DIR PACKAGE HEADER WORK_DIR OBJECT STAMP CC AR OBJCOPY GO_FLAGS CFLAGS ENVIRONMENT THUNKS
#
# CC is the compiler with the flags that choose the machine, ENVIRONMENT what tells Go about the same machine.
# THUNKS is empty, or the assembler file with which capi/dynamictls makes the object loadable by dlopen.
# OBJECT is written only when its content changes, so that a change of Go code that changes nothing in the result (a
# comment, a test) relinks nothing. STAMP is written always: it tells the build tool that this ran.

file(MAKE_DIRECTORY ${WORK_DIR})

function(run)
	execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK_DIR} RESULT_VARIABLE result)
	if(NOT result EQUAL 0)
		list(JOIN ARGN " " command)
		message(FATAL_ERROR "failed: ${command}")
	endif()
endfunction()

# Go's build cache knows the headers in a package's own directory only. The others that cgo reads make themselves known
# by a flag that changes with them; without it, a changed struct would be compiled into one side and not the other.
separate_arguments(flags UNIX_COMMAND "${CFLAGS}")
execute_process(COMMAND ${CC} ${flags} -MM -MT headers ${SOURCE_DIR}/${HEADER}
	OUTPUT_VARIABLE headers RESULT_VARIABLE result)
if(NOT result EQUAL 0)
	message(FATAL_ERROR "cannot read ${HEADER}")
endif()
string(REGEX REPLACE "^headers:|\\\\\n" " " headers "${headers}")
separate_arguments(headers UNIX_COMMAND "${headers}")
set(hashes "")
foreach(header ${headers})
	file(SHA256 ${header} hash)
	string(APPEND hashes ${hash})
endforeach()
string(SHA256 hash "${hashes}")
string(SUBSTRING ${hash} 0 16 hash)
set(CFLAGS "${CFLAGS} -DGOLWS_HEADERS=0x${hash}")

# Quotes only where they are needed: for -asan, Go starts what stands there without taking it apart.
set(words "")
foreach(word ${CC})
	if(word MATCHES "[^A-Za-z0-9_./+=,:-]")
		set(word "'${word}'")
	endif()
	list(APPEND words "${word}")
endforeach()
list(JOIN words " " words)
set(ENV{CC} "${words}")
set(ENV{CGO_ENABLED} 1)
foreach(setting ${ENVIRONMENT})
	if(NOT setting MATCHES "^([A-Za-z0-9_]+)=(.*)$")
		message(FATAL_ERROR "GOLWS_GO_ENVIRONMENT: ${setting} is not NAME=value")
	endif()
	set(ENV{${CMAKE_MATCH_1}} "${CMAKE_MATCH_2}")
endforeach()
set(ENV{CGO_CFLAGS} "${CFLAGS}")
# for go vet and go test by hand, so that they use what the build has compiled
file(WRITE ${WORK_DIR}/cgo_cflags "${CFLAGS}\n")

set(archive ${WORK_DIR}/golws.a)
run(${GO} build -C ${SOURCE_DIR} -buildmode=c-archive -trimpath -buildvcs=false -ldflags=-buildid= ${GO_FLAGS}
	-o ${archive} ./${PACKAGE})

# what the object is made from: the archive, and the way that is described here
file(SHA256 ${archive} archive_hash)
file(SHA256 ${CMAKE_CURRENT_LIST_FILE} script_hash)
set(made_from_now ${archive_hash}${script_hash})
if(THUNKS)
	get_filename_component(directory ${THUNKS} DIRECTORY)
	foreach(file ${THUNKS} ${directory}/../main.go)
		file(SHA256 ${file} hash)
		string(APPEND made_from_now ${hash})
	endforeach()
endif()
set(made_from "")
if(EXISTS ${WORK_DIR}/made_from AND EXISTS ${OBJECT})
	file(READ ${WORK_DIR}/made_from made_from)
endif()
if(NOT made_from STREQUAL made_from_now)
	set(members ${WORK_DIR}/members)
	file(REMOVE_RECURSE ${members})
	file(MAKE_DIRECTORY ${members})
	execute_process(COMMAND ${AR} x ${archive} WORKING_DIRECTORY ${members} RESULT_VARIABLE result)
	if(NOT result EQUAL 0 OR NOT EXISTS ${members}/go.o)
		message(FATAL_ERROR "${archive} does not look like a Go c-archive")
	endif()
	# The pointers in .init_array would start the Go runtime when the library is loaded. In a section of another name,
	# capi/c/runtime.c finds them between __start_lws_go_init and __stop_lws_go_init and runs them when it is time.
	# It also changes what Go does to signals, for which it needs the table of them.
	run(${OBJCOPY} --rename-section .init_array=lws_go_init,alloc,load,data,contents
		--globalize-symbol=runtime.sigtable ${members}/go.o)
	if(THUNKS)
		run(${OBJCOPY} --globalize-symbol=runtime.tlsg ${members}/go.o)
		run(${CC} -c -o ${members}/tls_thunks.o ${THUNKS})
	endif()
	file(GLOB objects ${members}/*.o)
	list(SORT objects)
	run(${CC} -nostdlib -r -o ${WORK_DIR}/golws_go.o ${objects})
	if(THUNKS)
		# for the machine that builds, not for the one that is built for
		run(${CMAKE_COMMAND} -E env --unset=GOOS --unset=GOARCH CGO_ENABLED=0
			${GO} run -C ${SOURCE_DIR} ./capi/dynamictls ${WORK_DIR}/golws_go.o)
	endif()
	file(REMOVE_RECURSE ${members})
	file(RENAME ${WORK_DIR}/golws_go.o ${OBJECT})
	file(WRITE ${WORK_DIR}/made_from ${made_from_now})
endif()

file(WRITE ${STAMP} "")
