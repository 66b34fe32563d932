# golws_go_object(<target> PACKAGE <dir> SOURCES <dir>... HEADER <file> INCLUDES <dir>... OBJECT <variable>)
#
# Makes <target>, which builds the Go package main in <dir> into one relocatable object whose start-up code does not
# run by itself, and sets <variable> to the path of the object. It depends on the files below SOURCES; <file> is the
# header that cgo reads, found through INCLUDES.
function(golws_go_object target)
	cmake_parse_arguments(ARG "" "PACKAGE;HEADER;OBJECT" "SOURCES;INCLUDES" ${ARGN})

	set(work ${PROJECT_BINARY_DIR}/go)
	set(object ${work}/${target}.o)
	set(stamp ${work}/${target}.stamp)
	set(cflags "-O2 -g")
	foreach(include ${ARG_INCLUDES})
		string(APPEND cflags " -I${PROJECT_SOURCE_DIR}/${include}")
	endforeach()
	# A depfile would do without the glob, but Makefiles never forget a name that was in one once.
	list(TRANSFORM ARG_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/)
	list(TRANSFORM ARG_SOURCES APPEND /* OUTPUT_VARIABLE patterns)
	file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${patterns})
	list(FILTER sources EXCLUDE REGEX "/testdata/|_test\\.go$|\\.c$|/[.#][^/]*$|~$")

	set(thunks "")
	if(GOLWS_DYNAMIC_TLS)
		set(thunks ${PROJECT_SOURCE_DIR}/capi/dynamictls/thunks/${golws_goarch}.S)
	endif()

	add_custom_command(
		OUTPUT ${stamp}
		BYPRODUCTS ${object}
		DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/go.mod ${PROJECT_SOURCE_DIR}/go.sum
			${PROJECT_SOURCE_DIR}/cmake/build_go_object.cmake
		COMMAND ${CMAKE_COMMAND}
			-DGO=${GOLWS_GO} "-DGO_FLAGS=${GOLWS_GO_FLAGS}" -DSOURCE_DIR=${PROJECT_SOURCE_DIR}
			-DPACKAGE=${ARG_PACKAGE} -DHEADER=${ARG_HEADER} -DWORK_DIR=${work} -DOBJECT=${object} -DSTAMP=${stamp}
			"-DCC=${GOLWS_MACHINE_CC}" -DAR=${CMAKE_AR} -DOBJCOPY=${CMAKE_OBJCOPY}
			"-DENVIRONMENT=${golws_go_environment}" "-DCFLAGS=${cflags}"
			-DTHUNKS=${thunks}
			-P ${PROJECT_SOURCE_DIR}/cmake/build_go_object.cmake
		COMMENT "Building the Go engine"
		VERBATIM)
	add_custom_target(${target} DEPENDS ${stamp})
	set(${ARG_OBJECT} ${object} PARENT_SCOPE)
endfunction()
