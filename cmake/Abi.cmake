# The targets abi, which records the ABI of the shared library in abi/, and abi-check, which compares it with the record.
#
# Both describe a build of the same C files with full debug information and without optimisation, whatever the build is
# otherwise; of Go nothing is exported. There is a record for each architecture that somebody has recorded.
function(golws_add_abi)
	foreach(property SOURCES INCLUDE_DIRECTORIES COMPILE_OPTIONS LINK_LIBRARIES)
		get_target_property(${property} golws_c ${property})
	endforeach()
	set(go_object ${PROJECT_BINARY_DIR}/go/golws_go.o)
	set(go_object_without_debug ${PROJECT_BINARY_DIR}/go/golws_go_abi.o)
	add_custom_command(OUTPUT ${go_object_without_debug}
		DEPENDS golws_go ${go_object}
		COMMAND ${CMAKE_OBJCOPY} --strip-debug ${go_object} ${go_object_without_debug}
		VERBATIM)
	add_custom_target(golws_abi_go DEPENDS ${go_object_without_debug})

	golws_shared_library(golws_abi SOVERSION 18 OBJECTS golws_abi_c GO_OBJECT ${go_object_without_debug})
	add_library(golws_abi_c OBJECT EXCLUDE_FROM_ALL ${SOURCES} ${PROJECT_SOURCE_DIR}/abi/callback_arguments.c)
	target_include_directories(golws_abi_c PRIVATE ${INCLUDE_DIRECTORIES})
	target_compile_options(golws_abi_c PRIVATE ${COMPILE_OPTIONS} -g -O0 -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
	target_link_libraries(golws_abi_c PRIVATE ${LINK_LIBRARIES})
	set_target_properties(golws_abi_c PROPERTIES POSITION_INDEPENDENT_CODE ON)
	add_dependencies(golws_abi golws_abi_go)
	set_target_properties(golws_abi PROPERTIES
		EXCLUDE_FROM_ALL ON LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/abi)

	set(record ${PROJECT_SOURCE_DIR}/abi/libwebsockets.so.18-${CMAKE_SYSTEM_PROCESSOR}.abi)
	foreach(command record check)
		set(target abi-${command})
		if("${command}" STREQUAL "record")
			set(target abi)
		endif()
		add_custom_target(${target}
			COMMAND ${PROJECT_SOURCE_DIR}/abi/abi ${command} ${record} $<TARGET_FILE:golws_abi>
				${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include/lws_config.h
			DEPENDS golws_abi VERBATIM)
	endforeach()
endfunction()
