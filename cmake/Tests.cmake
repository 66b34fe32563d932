# golws_add_test_directory(<directory>)
#
# Every .c file in the directory is a program and one test, <directory>.<file>, with the label <directory>. It links
# the shared library and tests/c/common. What a test needs beyond that, it says in tests.cmake of its directory:
#
#	golws_test(<file> [ARGUMENTS ...] [TIMEOUT seconds] [LABELS ...] [ENVIRONMENT name=value ...] [SERIAL]
#		[FIXTURES name ...] [LIBRARIES target ...] [NO_LIBRARY] [STATIC_TOO] [LEFT_OUT])
#
# LEFT_OUT: there is something missing that it needs; LIBRARIES: what it is linked to beside ours.
# STATIC_TOO makes a second test, <directory>.<file>.static, with the static library. NO_LIBRARY leaves the library
# out of the link, for a program that loads it itself.
# The label no-emulation is for tests that qemu-user cannot run; why, stands where the label is given.
# GOLWS_TEST_LAUNCHER is put before each program (valgrind, say), and GOLWS_TEST_SLOWNESS stretches the timeouts.

function(golws_test name)
	set_property(DIRECTORY PROPERTY golws_test_${directory}_${name} "${ARGN}")
endfunction()

# One program and its test, with the settings of the caller in ARG_*.
function(golws_add_test_program name source library)
	string(REPLACE . - program test-${name})
	add_executable(${program} ${source})
	set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
	target_include_directories(${program} PRIVATE
		$<TARGET_PROPERTY:websockets_shared,INTERFACE_INCLUDE_DIRECTORIES>)
	target_link_libraries(${program} PRIVATE
		test_common ${library} ${ARG_LIBRARIES} golws_warnings golws_sanitizers Threads::Threads m ${CMAKE_DL_LIBS})

	# Leaks are valgrind's, which looks into Go's memory too. With fake stacks, a cancelled thread leaves no
	# forbidden zones of its frames behind on the stack on which the C library then ends it.
	set(environment "TEST_SLOWNESS=${GOLWS_TEST_SLOWNESS}" ${ARG_ENVIRONMENT})
	if(GOLWS_SANITIZE)
		list(APPEND environment
			"ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1" "UBSAN_OPTIONS=print_stacktrace=1")
	endif()

	if(CMAKE_CROSSCOMPILING_EMULATOR)
		list(APPEND environment TEST_EMULATED=1)
	endif()

	math(EXPR timeout "${ARG_TIMEOUT} * ${GOLWS_TEST_SLOWNESS}")
	math(EXPR deadline "20 * ${GOLWS_TEST_SLOWNESS}")
	add_test(NAME ${name}
		COMMAND ${GOLWS_TEST_LAUNCHER} ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:${program}> ${ARG_ARGUMENTS})
	set_tests_properties(${name} PROPERTIES
		TIMEOUT ${timeout} LABELS "${directory};${ARG_LABELS}" RUN_SERIAL ${ARG_SERIAL}
		FIXTURES_REQUIRED "${ARG_FIXTURES}"
		ENVIRONMENT "TEST_DEADLINE=${deadline};${environment}")
endfunction()

function(golws_add_test_directory directory)
	if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${directory}/tests.cmake)
		include(${CMAKE_CURRENT_SOURCE_DIR}/${directory}/tests.cmake)
	endif()

	file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${directory}/*.c)
	foreach(source ${sources})
		get_filename_component(name ${source} NAME_WE)
		get_property(settings DIRECTORY PROPERTY golws_test_${directory}_${name})
		cmake_parse_arguments(ARG "SERIAL;NO_LIBRARY;STATIC_TOO;LEFT_OUT" "TIMEOUT"
			"ARGUMENTS;LABELS;ENVIRONMENT;FIXTURES;LIBRARIES" ${settings})
		if(ARG_LEFT_OUT)
			continue()
		endif()
		if(NOT ARG_TIMEOUT)
			set(ARG_TIMEOUT 300)
		endif()

		if(ARG_NO_LIBRARY)
			golws_add_test_program(${directory}.${name} ${source} "")
		else()
			golws_add_test_program(${directory}.${name} ${source} websockets_shared)
		endif()
		if(ARG_STATIC_TOO)
			golws_add_test_program(${directory}.${name}.static ${source} websockets)
		endif()
	endforeach()
endfunction()
