add_compile_definitions(TEST_GOLWS=1)
add_compile_options(-Wno-unused-parameter)

golws_test(foreign FIXTURES certificates ENVIRONMENT TEST_CERTIFICATES=${PROJECT_BINARY_DIR}/tests/certificates)
# Valgrind takes seconds to start the library in each case's process.
golws_test(trace ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/http2/expected LABELS no-valgrind)

# golws_over_http2(<directory>.<file> [<case>...])
#
# A test that was written for HTTP/1 once more, with clients that speak HTTP/2 (tests/c/common/bridge.h): all cases of it, or
# those whose subject is not HTTP/1 itself. Valgrind has seen the program already.
function(golws_over_http2 program)
	string(REPLACE . - target test-${program})
	math(EXPR timeout "300 * ${GOLWS_TEST_SLOWNESS}")
	math(EXPR deadline "20 * ${GOLWS_TEST_SLOWNESS}")
	set(environment "TEST_HTTP2=1" "TEST_SLOWNESS=${GOLWS_TEST_SLOWNESS}" "TEST_DEADLINE=${deadline}")
	if(GOLWS_SANITIZE)
		list(APPEND environment
			"ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1" "UBSAN_OPTIONS=print_stacktrace=1")
	endif()
	add_test(NAME http2.over.${program}
		COMMAND ${GOLWS_TEST_LAUNCHER} ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:${target}> ${ARGN})
	set_tests_properties(http2.over.${program} PROPERTIES
		TIMEOUT ${timeout} LABELS "http2;no-valgrind" ENVIRONMENT "${environment}")
endfunction()

foreach(program server.files server.mounts server.vfs server.echo server.fragments server.compress server.protocols
	server.vhosts server.timers server.threads server.broadcast server.flow server.interpret server.write_order
	server.memory server.contexts server.service_threads)
	golws_over_http2(${program})
endforeach()
golws_over_http2(server.http_dynamic framing request_parts headers_in_many_spellings redirects_and_statuses
	error_document_404 vhost_headers head_requests keep_alive pipelining other_methods)
golws_over_http2(server.http_post sized_bodies empty_body other_methods byte_by_byte followed_by_a_request answered_early
	chunked chunked_byte_by_byte unknown_expectation post_without_length)
golws_over_http2(server.upgrade headers refused_by_filter answered_with_http http_and_websockets_side_by_side)
