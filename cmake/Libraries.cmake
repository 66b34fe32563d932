# The shared and the static library, both made of the Go object and the C files in capi/c.

# Writes the list of public names as a version script for the linker, and sets <variable> to the arguments that make
# objcopy keep only these names global.
function(golws_public_names version_script variable)
	file(STRINGS ${PROJECT_SOURCE_DIR}/cmake/public-names.txt names REGEX "^[^#]")
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/public-names.txt)

	list(TRANSFORM names APPEND ";" OUTPUT_VARIABLE lines)
	list(JOIN names ";\n\t\t" lines)
	file(CONFIGURE OUTPUT ${version_script} CONTENT "{\n\tglobal:\n\t\t${lines};\n\tlocal:\n\t\t*;\n};\n")

	list(TRANSFORM names PREPEND --keep-global-symbol=)
	set(${variable} --wildcard ${names} PARENT_SCOPE)
endfunction()

function(golws_add_libraries)
	golws_go_object(golws_go
		PACKAGE capi SOURCES engine callbacks capi
		HEADER capi/c/lwsgo.h INCLUDES callbacks capi/c
		OBJECT go_object)
	golws_public_names(${PROJECT_BINARY_DIR}/libwebsockets.map keep_public)

	file(GLOB c_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/capi/c/*.c)
	add_library(golws_c OBJECT ${c_sources})
	target_include_directories(golws_c PRIVATE
		${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include
		${PROJECT_SOURCE_DIR}/callbacks ${PROJECT_SOURCE_DIR}/capi/c)
	# -fexceptions: a thread cancelled in lws_service runs the cleanup handlers of our C frames while it unwinds.
	# -fno-strict-aliasing: network bytes and the caller's memory are looked at through several types.
	target_compile_options(golws_c PRIVATE -fexceptions -fno-strict-aliasing)
	target_link_libraries(golws_c PRIVATE golws_warnings golws_sanitizers)
	set_target_properties(golws_c PROPERTIES POSITION_INDEPENDENT_CODE ON)

	find_package(Threads REQUIRED)

	# A path of a file instead of a target: the linker takes it as it is, and the library is relinked when the file
	# changes, not whenever the target ran.
	add_library(websockets_shared SHARED $<TARGET_OBJECTS:golws_c>)
	add_dependencies(websockets_shared golws_go)
	set_target_properties(websockets_shared PROPERTIES
		OUTPUT_NAME websockets SOVERSION 18 LINKER_LANGUAGE C
		LINK_DEPENDS "${PROJECT_SOURCE_DIR}/cmake/public-names.txt")
	target_link_libraries(websockets_shared PRIVATE ${go_object} golws_sanitizers Threads::Threads ${CMAKE_DL_LIBS} m)
	# nodelete: dlclose() must not unmap a running Go runtime.
	target_link_options(websockets_shared PRIVATE
		-Wl,-Bsymbolic -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
		-Wl,--version-script=${PROJECT_BINARY_DIR}/libwebsockets.map)
	if(NOT GOLWS_SANITIZE)
		target_link_options(websockets_shared PRIVATE -Wl,-z,defs)
	endif()

	# The static library is one object in which only the public names are global, so that neither Go's nor our
	# private names can clash with a program's.
	set(whole ${PROJECT_BINARY_DIR}/go/libwebsockets.o)
	add_custom_command(
		OUTPUT ${whole}
		DEPENDS golws_go golws_c ${go_object} $<TARGET_OBJECTS:golws_c> ${PROJECT_SOURCE_DIR}/cmake/public-names.txt
		COMMAND ${CMAKE_C_COMPILER} -nostdlib -r -Wl,-d -o ${whole} ${go_object} $<TARGET_OBJECTS:golws_c>
		COMMAND ${CMAKE_OBJCOPY} ${keep_public} ${whole}
		COMMENT "Making one object of the library"
		COMMAND_EXPAND_LISTS VERBATIM)
	add_library(websockets STATIC ${whole})
	add_dependencies(websockets golws_go)
	set_source_files_properties(${whole} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
	set_target_properties(websockets PROPERTIES LINKER_LANGUAGE C)
	target_link_libraries(websockets INTERFACE golws_sanitizers Threads::Threads ${CMAKE_DL_LIBS} m)

	foreach(library websockets_shared websockets)
		target_include_directories(${library} INTERFACE
			$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
			$<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
			$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
	endforeach()
endfunction()
