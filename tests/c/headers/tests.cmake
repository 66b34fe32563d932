# These compile what they test into themselves, with a connection that is nothing but a struct.
set_source_files_properties(
	${CMAKE_CURRENT_SOURCE_DIR}/headers/response.c ${CMAKE_CURRENT_SOURCE_DIR}/headers/configuration.c
	${CMAKE_CURRENT_SOURCE_DIR}/headers/certificate_ageing.c
	PROPERTIES INCLUDE_DIRECTORIES "${PROJECT_SOURCE_DIR}/callbacks;${PROJECT_SOURCE_DIR}/capi/c")
golws_test(response NO_LIBRARY)
golws_test(configuration NO_LIBRARY)
golws_test(certificate_ageing NO_LIBRARY)

# Has what the macros of the headers call.
golws_test(macros NO_LIBRARY)

# The public headers in every language that programs are written in.
find_program(GOLWS_CXX NAMES c++ g++ clang++)
function(golws_header_test language compiler)
	add_test(NAME headers.${language}
		COMMAND ${compiler} ${ARGN} -Wall -Wextra -Werror -fsyntax-only
			-I ${PROJECT_SOURCE_DIR}/include -I ${PROJECT_BINARY_DIR}/include
			${CMAKE_CURRENT_SOURCE_DIR}/headers/include/program.h)
	set_tests_properties(headers.${language} PROPERTIES LABELS headers)
endfunction()
golws_header_test(gnu99 ${CMAKE_C_COMPILER} -std=gnu99 -x c)
golws_header_test(gnu11 ${CMAKE_C_COMPILER} -std=gnu11 -x c)
golws_header_test(gnu11-shared ${CMAKE_C_COMPILER} -std=gnu11 -DLWS_BUILDING_SHARED -x c)
golws_header_test(gnu17-release ${CMAKE_C_COMPILER} -std=gnu17 -DNDEBUG -x c)
if(GOLWS_CXX)
	golws_header_test(cxx11 ${GOLWS_CXX} -std=c++11 -x c++)
	golws_header_test(cxx17 ${GOLWS_CXX} -std=c++17 -x c++)
endif()

# The same with every warning that a compiler has on offer, with and without OpenSSL's headers, by all compilers that are
# there. 77: what the test needs is not installed; the output says what.
find_program(GOLWS_CLANG clang)
find_program(GOLWS_CLANGXX clang++)
function(golws_header_compile_test name language standard compiler)
	set(all plain)
	if(NOT standard STREQUAL "c++11")
		list(APPEND all openssl)
	endif()
	if(standard MATCHES "gnu11|17")
		list(APPEND all dbus libuv)
	endif()
	foreach(what ${all})
		add_test(NAME headers.${what}-${name}-${standard}
			COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/headers/include/compile.sh ${what} ${language} ${standard} ${compiler}
				${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include)
		set_tests_properties(headers.${what}-${name}-${standard} PROPERTIES LABELS "headers;build" SKIP_RETURN_CODE 77)
	endforeach()
endfunction()
foreach(standard c99 c11 gnu11)
	golws_header_compile_test(cc c ${standard} ${CMAKE_C_COMPILER})
	if(GOLWS_CLANG AND NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
		golws_header_compile_test(clang c ${standard} ${GOLWS_CLANG})
	endif()
endforeach()
foreach(standard c++11 c++17)
	if(GOLWS_CXX)
		golws_header_compile_test(cxx c++ ${standard} ${GOLWS_CXX})
	endif()
	if(GOLWS_CLANGXX AND NOT GOLWS_CXX STREQUAL GOLWS_CLANGXX)
		golws_header_compile_test(clang++ c++ ${standard} ${GOLWS_CLANGXX})
	endif()
endforeach()
