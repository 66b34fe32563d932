# Run with cmake -P: writes down whose code is in the libraries, with the licences that are to go wherever they go.
#
# In:  GO SOURCE_DIR PACKAGE OUTPUT

cmake_policy(VERSION 3.20)

execute_process(
	COMMAND ${GO} list -C ${SOURCE_DIR} -deps -f "{{with .Module}}{{if not .Main}}{{.Path}}|{{.Version}}|{{.Dir}}{{end}}{{end}}"
		./${PACKAGE}
	OUTPUT_VARIABLE modules RESULT_VARIABLE result)
execute_process(COMMAND ${GO} env GOROOT GOVERSION OUTPUT_VARIABLE go RESULT_VARIABLE go_result)
if(NOT result EQUAL 0 OR NOT go_result EQUAL 0)
	message(FATAL_ERROR "go cannot say which modules the library is made of")
endif()
string(REGEX REPLACE "^([^\n]*)\n([^\n]*)\n$" "The Go runtime and standard library|\\2|\\1" go "${go}")
string(REPLACE "\n" ";" modules "${modules}")
list(REMOVE_ITEM modules "")
list(REMOVE_DUPLICATES modules)
list(SORT modules)

set(text "")
# The licence of golws itself, and that of each work in it. A work without one is not to be given away.
foreach(work "golws||${SOURCE_DIR}" ${go} ${modules})
	string(REPLACE "|" ";" work "${work}")
	list(GET work 0 name)
	list(GET work 1 version)
	list(GET work 2 directory)
	file(GLOB files ${directory}/LICENSE* ${directory}/LICENCE* ${directory}/COPYING* ${directory}/NOTICE*)
	if(NOT files AND NOT name STREQUAL "golws")
		message(FATAL_ERROR "${name}: no licence in ${directory}")
	endif()
	if(NOT files)
		string(APPEND text "golws is distributed by its authors; its source states no licence.\n\nIt contains these works of others:\n\n")
	endif()
	foreach(file ${files})
		file(READ ${file} licence)
		string(STRIP "${name} ${version}" title)
		string(APPEND text "---- ${title} ----\n\n${licence}\n")
	endforeach()
endforeach()
file(WRITE ${OUTPUT} "${text}")
