# The shared and the static library, both made of the Go object and the C files in capi/c.

# Sets <variable> to the list of public names, which are shell patterns.
function(golws_public_names variable)
	file(STRINGS ${PROJECT_SOURCE_DIR}/cmake/public-names.txt names REGEX "^[^#]")
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/public-names.txt)
	set(${variable} ${names} PARENT_SCOPE)
endfunction()

# golws_shared_library(<target> SOVERSION <number> OBJECTS <object library> GO_OBJECT <file>)
#
# The shared object libwebsockets.so.<number>. Its names carry the version LIBWEBSOCKETS_<number>: a process that has
# two generations of the library in it, because its own libraries want both, keeps them apart. Programs that were linked
# to a library without versions find the names as well.
function(golws_shared_library target)
	cmake_parse_arguments(ARG "" "SOVERSION;OBJECTS;GO_OBJECT" "" ${ARGN})
	golws_public_names(names)
	list(JOIN names ";\n\t\t" names)
	set(version_script ${PROJECT_BINARY_DIR}/${target}.map)
	file(CONFIGURE OUTPUT ${version_script}
		CONTENT "LIBWEBSOCKETS_${ARG_SOVERSION} {\n\tglobal:\n\t\t${names};\n\tlocal:\n\t\t*;\n};\n")

	# A path of a file instead of a target: the linker takes it as it is, and the library is relinked when the file
	# changes, not whenever the target ran.
	add_library(${target} SHARED $<TARGET_OBJECTS:${ARG_OBJECTS}>)
	add_dependencies(${target} golws_go)
	set_target_properties(${target} PROPERTIES
		OUTPUT_NAME websockets SOVERSION ${ARG_SOVERSION} LINKER_LANGUAGE C LINK_DEPENDS ${version_script})
	target_link_libraries(${target} PRIVATE ${ARG_GO_OBJECT} golws_sanitizers Threads::Threads ${CMAKE_DL_LIBS} m)
	# nodelete: dlclose() must not unmap a running Go runtime.
	target_link_options(${target} PRIVATE
		-Wl,-Bsymbolic -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
		-Wl,--version-script=${version_script})
	if(NOT GOLWS_SANITIZE)
		target_link_options(${target} PRIVATE -Wl,-z,defs)
	endif()
endfunction()

# The static library is one object in which only the public names are global, so that neither Go's nor our private names
# can clash with a program's.
function(golws_static_library target)
	cmake_parse_arguments(ARG "" "OBJECTS;GO_OBJECT" "" ${ARGN})
	golws_public_names(keep)
	list(TRANSFORM keep PREPEND --keep-global-symbol=)

	set(whole ${PROJECT_BINARY_DIR}/go/lib${target}.o)
	add_custom_command(
		OUTPUT ${whole}
		DEPENDS golws_go ${ARG_OBJECTS} ${ARG_GO_OBJECT} $<TARGET_OBJECTS:${ARG_OBJECTS}>
			${PROJECT_SOURCE_DIR}/cmake/public-names.txt
		COMMAND ${GOLWS_MACHINE_CC} -nostdlib -r -Wl,-d ${golws_whole_object_flags} -o ${whole} ${ARG_GO_OBJECT} $<TARGET_OBJECTS:${ARG_OBJECTS}>
		COMMAND ${CMAKE_OBJCOPY} --wildcard ${keep} ${whole}
		COMMENT "Making one object of the library"
		COMMAND_EXPAND_LISTS VERBATIM)
	add_library(${target} STATIC ${whole})
	add_dependencies(${target} golws_go)
	set_source_files_properties(${whole} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
	set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C)
	target_link_libraries(${target} INTERFACE Threads::Threads ${CMAKE_DL_LIBS} m)
	if(GOLWS_SANITIZE)
		target_link_options(${target} INTERFACE -fsanitize=${GOLWS_SANITIZE})
	endif()
endfunction()

# Sets <variable> to the targets that this build makes: websockets_shared, websockets, as in libwebsockets' own build.
function(golws_add_libraries variable)
	golws_go_object(golws_go
		PACKAGE capi SOURCES engine callbacks capi
		HEADER capi/c/lwsgo.h INCLUDES callbacks capi/c
		OBJECT go_object)

	file(GLOB c_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/capi/c/*.c)
	add_library(golws_c OBJECT ${c_sources})
	target_include_directories(golws_c PRIVATE
		${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include
		${PROJECT_SOURCE_DIR}/callbacks ${PROJECT_SOURCE_DIR}/capi/c)
	# -funwind-tables: a thread cancelled in lws_service unwinds through our C frames. -fexceptions would do that too, but
	# has pthread_cleanup_push() need libgcc_s, which the library is not linked to.
	# -fno-strict-aliasing: network bytes and the caller's memory are looked at through several types.
	target_compile_options(golws_c PRIVATE -funwind-tables -fno-strict-aliasing)
	target_link_libraries(golws_c PRIVATE golws_warnings golws_sanitizers golws_platform)
	set_target_properties(golws_c PROPERTIES POSITION_INDEPENDENT_CODE ON)

	find_package(Threads REQUIRED)

	set(libraries "")
	if(LWS_WITH_SHARED)
		golws_shared_library(websockets_shared SOVERSION 18 OBJECTS golws_c GO_OBJECT ${go_object})
		list(APPEND libraries websockets_shared)
	endif()
	if(LWS_WITH_STATIC)
		golws_static_library(websockets OBJECTS golws_c GO_OBJECT ${go_object})
		list(APPEND libraries websockets)
	endif()

	foreach(library ${libraries})
		target_include_directories(${library} INTERFACE
			$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
			$<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
			$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
		add_library(libwebsockets::${library} ALIAS ${library})
	endforeach()
	golws_add_soname17(${go_object})
	set(${variable} ${libraries} PARENT_SCOPE)
endfunction()
