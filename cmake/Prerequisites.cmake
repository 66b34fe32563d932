# Looks for the two compilers before anything else, so that a missing one is a single line and not a page.

include(CheckLanguage)

macro(golws_require_c)
	check_language(C)
	if(NOT CMAKE_C_COMPILER)
		message(FATAL_ERROR "golws needs a C compiler: install gcc or clang, or set -DCMAKE_C_COMPILER=<path>.")
	endif()
	enable_language(C)
endmacro()

# Sets GOLWS_GO (cached) to a Go that is as new as go.mod asks for.
macro(golws_require_go)
	find_program(GOLWS_GO go
		HINTS ENV GOROOT PATH_SUFFIXES bin
		PATHS /usr/local/go/bin /usr/lib/go/bin
		DOC "The go command that builds the engine")
	file(STRINGS ${PROJECT_SOURCE_DIR}/go.mod golws_go_line REGEX "^go [0-9]")
	string(REGEX REPLACE "^go ([0-9.]+).*" "\\1" golws_go_wanted "${golws_go_line}")
	set(golws_go_advice "golws needs Go ${golws_go_wanted} or newer (https://go.dev/dl/), or set -DGOLWS_GO=<path of go>")
	if(NOT GOLWS_GO)
		message(FATAL_ERROR "${golws_go_advice}: no go command found.")
	endif()
	# asked in the source directory, where a go that can fetch the toolchain of go.mod does so
	execute_process(COMMAND ${GOLWS_GO} env GOVERSION
		WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
		OUTPUT_VARIABLE golws_go_version ERROR_VARIABLE golws_go_error RESULT_VARIABLE golws_go_result)
	if(NOT golws_go_result EQUAL 0)
		string(STRIP "${golws_go_error}" golws_go_error)
		message(FATAL_ERROR "${golws_go_advice}: ${GOLWS_GO} says: ${golws_go_error} (${golws_go_result})")
	endif()
	string(REGEX MATCH "go([0-9]+\\.[0-9]+(\\.[0-9]+)?)" golws_go_version "${golws_go_version}")
	set(golws_go_version "${CMAKE_MATCH_1}")
	if(golws_go_version VERSION_LESS golws_go_wanted)
		message(FATAL_ERROR "${golws_go_advice}: ${GOLWS_GO} is Go ${golws_go_version}.")
	endif()
	message(STATUS "Go ${golws_go_version}: ${GOLWS_GO}")
endmacro()

# Sets CMAKE_OBJCOPY and CMAKE_AR, which come with any linker but not with every compiler package.
macro(golws_require_binutils)
	foreach(golws_tool OBJCOPY AR)
		if(NOT CMAKE_${golws_tool})
			message(FATAL_ERROR "golws needs objcopy and ar: install binutils.")
		endif()
	endforeach()
endmacro()
