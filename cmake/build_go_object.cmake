# Run with cmake -P by GoObject.cmake: builds the Go side and makes one relocatable object of it.
#
# In:  GO SOURCE_DIR PACKAGE WORK_DIR OBJECT DEPFILE STAMP CC AR OBJCOPY LINK_FLAGS GO_FLAGS CFLAGS LDFLAGS
#
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

set(ENV{CC} "${CC}")
set(ENV{CGO_ENABLED} 1)
set(ENV{CGO_CFLAGS} "${CFLAGS}")
set(ENV{CGO_LDFLAGS} "${LDFLAGS}")

set(archive ${WORK_DIR}/golws.a)
# -C: the package path is relative to the module
run(${GO} build -C ${SOURCE_DIR} -buildmode=c-archive -trimpath -buildvcs=false -ldflags=-buildid= ${GO_FLAGS} -o ${archive} ./${PACKAGE})

# The depfile names every file the result is made of, and their directories, so that an added file counts too.
# A directory of the module without Go files in it cannot matter: a file that begins to matter has to be imported.
execute_process(
	COMMAND ${GO} list -C ${SOURCE_DIR} ${GO_FLAGS} -deps
		-f "{{if .Module}}{{if .Module.Main}}{{$d := .Dir}}{{$d}}{{range .GoFiles}}\n{{$d}}/{{.}}{{end}}{{range .CgoFiles}}\n{{$d}}/{{.}}{{end}}{{range .CFiles}}\n{{$d}}/{{.}}{{end}}{{range .HFiles}}\n{{$d}}/{{.}}{{end}}{{range .EmbedFiles}}\n{{$d}}/{{.}}{{end}}{{end}}{{end}}"
		./${PACKAGE}
	OUTPUT_VARIABLE inputs OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE result)
if(NOT result EQUAL 0)
	message(FATAL_ERROR "go list failed")
endif()
string(REPLACE " " "\\ " inputs "${inputs}")
string(REGEX REPLACE "\n+" " \\\\\n " inputs "${inputs}")
file(WRITE ${DEPFILE} "${STAMP}: ${inputs} \\\n ${SOURCE_DIR}/go.mod \\\n ${SOURCE_DIR}/go.sum\n")

file(SHA256 ${archive} archive_hash)
set(archive_hash_before "")
if(EXISTS ${WORK_DIR}/archive.sha256 AND EXISTS ${OBJECT})
	file(READ ${WORK_DIR}/archive.sha256 archive_hash_before)
endif()
if(NOT archive_hash STREQUAL archive_hash_before)
	set(members ${WORK_DIR}/members)
	file(REMOVE_RECURSE ${members})
	file(MAKE_DIRECTORY ${members})
	execute_process(COMMAND ${AR} x ${archive} WORKING_DIRECTORY ${members} RESULT_VARIABLE result)
	if(NOT result EQUAL 0 OR NOT EXISTS ${members}/go.o)
		message(FATAL_ERROR "${archive} does not look like a Go c-archive")
	endif()
	# The pointers in .init_array would start the Go runtime when the library is loaded. In a section of another name,
	# capi/c/runtime.c finds them between __start_lws_go_init and __stop_lws_go_init and runs them when it is time.
	run(${OBJCOPY} --rename-section .init_array=lws_go_init,alloc,load,data,contents ${members}/go.o)
	file(GLOB objects ${members}/*.o)
	list(SORT objects)
	run(${CC} ${LINK_FLAGS} -nostdlib -r -o ${WORK_DIR}/golws_go.o ${objects})
	file(REMOVE_RECURSE ${members})
	file(RENAME ${WORK_DIR}/golws_go.o ${OBJECT})
	file(WRITE ${WORK_DIR}/archive.sha256 ${archive_hash})
endif()

file(WRITE ${STAMP} "")
