# libwebsockets.so.17: the same Go object and C files with the interface of libwebsockets 4.1.6 as Debian 12 has it, so
# that programs of Debian run on this library. Where the two interfaces differ, capi/soname17 converts.

# The layouts that capi/soname17 converts are those of 64-bit machines, and Debian's programs run where they were built for.
if(golws_is_top_level AND LWS_WITH_SHARED AND NOT CMAKE_CROSSCOMPILING AND CMAKE_SIZEOF_VOID_P EQUAL 8)
	set(golws_soname17 ON)
else()
	set(golws_soname17 OFF)
endif()
option(GOLWS_SONAME17 "Build libwebsockets.so.17 for programs that were built with libwebsockets 4.1.6" ${golws_soname17})

# Sets <variable> to the arguments for objcopy that capi/soname17/names.txt asks for.
function(golws_soname17_names variable)
	set(file ${PROJECT_SOURCE_DIR}/capi/soname17/names.txt)
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
	set(arguments --wildcard)
	file(STRINGS ${file} lines REGEX "^[^#]")
	foreach(line ${lines})
		string(REGEX MATCH "^(replace|hide) ([A-Za-z0-9_*]+)$" matched "${line}")
		if(CMAKE_MATCH_1 STREQUAL "replace")
			list(APPEND arguments
				--redefine-sym=${CMAKE_MATCH_2}=golws_4_2_${CMAKE_MATCH_2}
				--redefine-sym=golws_4_1_${CMAKE_MATCH_2}=${CMAKE_MATCH_2})
		elseif(CMAKE_MATCH_1 STREQUAL "hide")
			list(APPEND arguments --localize-symbol=${CMAKE_MATCH_2})
		else()
			message(FATAL_ERROR "${file}: neither replace nor hide: ${line}")
		endif()
	endforeach()
	set(${variable} ${arguments} PARENT_SCOPE)
endfunction()

# golws_add_soname17(<go object>)
function(golws_add_soname17 go_object)
	if(NOT GOLWS_SONAME17)
		return()
	endif()

	file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/capi/soname17/*.c)
	add_library(golws_c17 OBJECT ${sources})
	target_include_directories(golws_c17 PRIVATE
		${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include
		${PROJECT_SOURCE_DIR}/capi/soname17 ${PROJECT_SOURCE_DIR}/capi/c)
	target_compile_options(golws_c17 PRIVATE -funwind-tables -fno-strict-aliasing)
	target_link_libraries(golws_c17 PRIVATE golws_warnings golws_sanitizers)
	set_target_properties(golws_c17 PROPERTIES POSITION_INDEPENDENT_CODE ON)

	golws_soname17_names(names)
	set(names_file ${PROJECT_SOURCE_DIR}/capi/soname17/names.txt)
	set(object ${PROJECT_BINARY_DIR}/go/soname17.o)
	set(objects $<TARGET_OBJECTS:golws_c> $<TARGET_OBJECTS:golws_c17>)
	add_custom_command(
		OUTPUT ${object}
		DEPENDS golws_c golws_c17 ${objects} ${names_file}
		COMMAND ${CMAKE_C_COMPILER} -nostdlib -r -o ${object} ${objects}
		COMMAND ${CMAKE_OBJCOPY} ${names} ${object}
		COMMENT "Giving the C interface the names of 4.1.6"
		COMMAND_EXPAND_LISTS VERBATIM)

	# Programs of Debian ask for names without version, which find these as well. The version is for processes that
	# have both of our libraries in them.
	golws_public_names(public)
	list(JOIN public ";\n\t\t" public)
	set(version_script ${PROJECT_BINARY_DIR}/websockets_soname17.map)
	file(CONFIGURE OUTPUT ${version_script}
		CONTENT "LIBWEBSOCKETS_17 {\n\tglobal:\n\t\t@public@;\n\tlocal:\n\t\t*;\n};\n" @ONLY)

	# A name without a link beside it: libwebsockets.so is the one of programs that are compiled, with soname 18.
	add_library(websockets_soname17 SHARED ${object})
	add_dependencies(websockets_soname17 golws_go)
	set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
	set_target_properties(websockets_soname17 PROPERTIES
		PREFIX "" OUTPUT_NAME libwebsockets SUFFIX .so.17 NO_SONAME ON LINKER_LANGUAGE C
		LINK_DEPENDS ${version_script})
	target_link_libraries(websockets_soname17 PRIVATE ${go_object} golws_sanitizers Threads::Threads ${CMAKE_DL_LIBS} m)
	target_link_options(websockets_soname17 PRIVATE
		-Wl,-soname,libwebsockets.so.17
		-Wl,-Bsymbolic -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
		-Wl,--version-script=${version_script})
	if(NOT GOLWS_SANITIZE)
		target_link_options(websockets_soname17 PRIVATE -Wl,-z,defs)
	endif()

	# Not where the dynamic linker looks by itself: Debian's own library keeps its place.
	install(TARGETS websockets_soname17 COMPONENT soname17
		LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/golws-soname17)
endfunction()
