# golws_go_object(<target> PACKAGE <dir> OBJECT <variable>)
#
# Makes <target>, which builds the Go package main in <dir> into one relocatable object whose start-up code does not
# run by itself, and sets <variable> to the path of the object.
function(golws_go_object target)
	cmake_parse_arguments(ARG "" "PACKAGE;OBJECT" "" ${ARGN})

	set(work ${PROJECT_BINARY_DIR}/go)
	set(object ${work}/${target}.o)
	set(stamp ${work}/${target}.stamp)
	set(cflags "-O2 -g -I${PROJECT_SOURCE_DIR}/include -I${PROJECT_BINARY_DIR}/include")
	set(link_flags ${CMAKE_C_FLAGS})
	separate_arguments(link_flags)

	add_custom_command(
		OUTPUT ${stamp}
		BYPRODUCTS ${object}
		DEPFILE ${stamp}.d
		DEPENDS
			${PROJECT_SOURCE_DIR}/cmake/build_go_object.cmake
			${PROJECT_BINARY_DIR}/include/lws_config.h
		COMMAND ${CMAKE_COMMAND}
			-DGO=${GOLWS_GO} "-DGO_FLAGS=${GOLWS_GO_FLAGS}" -DSOURCE_DIR=${PROJECT_SOURCE_DIR}
			-DPACKAGE=${ARG_PACKAGE} -DWORK_DIR=${work} -DOBJECT=${object} -DSTAMP=${stamp} -DDEPFILE=${stamp}.d
			-DCC=${CMAKE_C_COMPILER} -DAR=${CMAKE_AR} -DOBJCOPY=${CMAKE_OBJCOPY}
			"-DLINK_FLAGS=${link_flags}" "-DCFLAGS=${cflags}" -DLDFLAGS=
			-P ${PROJECT_SOURCE_DIR}/cmake/build_go_object.cmake
		COMMENT "Building the Go engine"
		VERBATIM)
	add_custom_target(${target} DEPENDS ${stamp})
	set(${ARG_OBJECT} ${object} PARENT_SCOPE)
endfunction()
