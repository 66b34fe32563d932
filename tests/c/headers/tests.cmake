# These compile what they test into themselves, with a connection that is nothing but a struct.
set_source_files_properties(
	${CMAKE_CURRENT_SOURCE_DIR}/headers/response.c ${CMAKE_CURRENT_SOURCE_DIR}/headers/configuration.c
	PROPERTIES INCLUDE_DIRECTORIES "${PROJECT_SOURCE_DIR}/callbacks;${PROJECT_SOURCE_DIR}/capi/c")
golws_test(response NO_LIBRARY)
golws_test(configuration NO_LIBRARY)

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
