# What there is for Windows: the C parts that keep data and know no socket, as libwebsockets_portable.a, their tests, and
# the Go packages below that are not built on epoll. The rest of the engine stands on engine/loop, which is epoll; see
# docs/cross.md.

set(golws_portable_c
	address allocate base64 blob buflist clock dll2 dsh html_process http_date http_tokens lejp lejp_error log lwsac mimetype
	mqtt_string number purify random retry ring sha1 state strexp string sul tokenize uri url_code version wildcard
	xoshiro)
# those of tests/c/unit that need no file and no process
set(golws_portable_tests dsh lejp lists mqtt_string ring state tokens xoshiro)
set(golws_portable_go ./engine/vhost ./engine/inflate)

function(golws_add_windows_portable)
	list(TRANSFORM golws_portable_c PREPEND ${PROJECT_SOURCE_DIR}/capi/c/ OUTPUT_VARIABLE sources)
	list(TRANSFORM sources APPEND .c)

	# What POSIX has and mingw-w64 has not. printf as C99 has it, where the C library of Windows is older.
	add_library(golws_windows INTERFACE)
	target_include_directories(golws_windows INTERFACE ${PROJECT_SOURCE_DIR}/capi/windows/include)
	target_compile_definitions(golws_windows INTERFACE __USE_MINGW_ANSI_STDIO=1 _WIN32_WINNT=0x0a00)
	target_compile_options(golws_windows INTERFACE -include ${PROJECT_SOURCE_DIR}/capi/windows/posix.h)

	add_library(websockets_portable STATIC ${sources}
		${PROJECT_SOURCE_DIR}/capi/windows/posix.c ${PROJECT_SOURCE_DIR}/capi/windows/context.c)
	target_include_directories(websockets_portable
		PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include
		PRIVATE ${PROJECT_SOURCE_DIR}/callbacks ${PROJECT_SOURCE_DIR}/capi/c ${PROJECT_SOURCE_DIR}/capi/windows)
	target_compile_options(websockets_portable PRIVATE -fno-strict-aliasing)
	target_link_libraries(websockets_portable PRIVATE golws_warnings golws_windows PUBLIC ws2_32 pthread)

	set(go_target ${PROJECT_BINARY_DIR}/go/inflate.test.exe)
	add_custom_target(golws_portable_go ALL
		COMMAND ${CMAKE_COMMAND} -E env CGO_ENABLED=0 ${golws_go_environment}
			${GOLWS_GO} build -C ${PROJECT_SOURCE_DIR} ${golws_portable_go}
		COMMAND ${CMAKE_COMMAND} -E env CGO_ENABLED=0 ${golws_go_environment}
			${GOLWS_GO} test -C ${PROJECT_SOURCE_DIR} -c -o ${go_target} ./engine/inflate
		COMMENT "Building the portable Go packages" VERBATIM)

	foreach(test ${golws_portable_tests})
		add_executable(test-${test} ${PROJECT_SOURCE_DIR}/tests/c/unit/${test}.c
			${PROJECT_SOURCE_DIR}/tests/c/common/check.c ${PROJECT_SOURCE_DIR}/tests/windows/cases.c)
		target_include_directories(test-${test} PRIVATE ${PROJECT_SOURCE_DIR}/tests/c/common)
		# The attribute of the tests' own functions means the formats of Windows.
		target_compile_options(test-${test} PRIVATE -Wno-format -Wno-format-extra-args)
		# All of the library: a part that does not link is not portable.
		target_link_libraries(test-${test} PRIVATE golws_warnings golws_windows
			-Wl,--whole-archive websockets_portable -Wl,--no-whole-archive -static)
		if(CMAKE_CROSSCOMPILING_EMULATOR)
			add_test(NAME windows.${test} COMMAND test-${test})
		endif()
	endforeach()
	if(CMAKE_CROSSCOMPILING_EMULATOR)
		# Wine's files stay in the build directory; its first start, which makes them, is no race then. Go's test is built
		# only: Go wants a DLL that Wine 8 of Debian 12 has not.
		list(TRANSFORM golws_portable_tests PREPEND windows. OUTPUT_VARIABLE tests)
		set_tests_properties(${tests} PROPERTIES RUN_SERIAL ON TIMEOUT 300
			ENVIRONMENT "WINEPREFIX=${PROJECT_BINARY_DIR}/wine;WINEDEBUG=-all")
	endif()
endfunction()
