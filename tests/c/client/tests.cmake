# A callback has five parameters and mostly needs three.
add_compile_options(-Wno-unused-parameter)

# Valgrind takes seconds to start the library in each case's process; other tests take the same paths with fewer cases.
foreach(part http http2 pipeline websocket raw)
	golws_test(trace_${part} ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/client/expected LABELS no-valgrind)
endforeach()
golws_test(async_dns ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/client LABELS slow)
# As in tls/tests.cmake: memcheck, now and then, where a proxy's TLS fails and the program reads why.
golws_test(proxies ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/client LABELS slow no-valgrind)
golws_test(requests ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/client LABELS slow)
golws_test(sharing ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/client LABELS slow)
golws_test(foreign ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/client LABELS slow)
golws_test(older_version ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/client LABELS slow)
golws_test(mosquitto ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/client LABELS slow)
# The archive is linked by other rules than the shared library.
golws_test(connections STATIC_TOO)
golws_test(conmon FIXTURES certificates ENVIRONMENT TEST_CERTIFICATES=${PROJECT_BINARY_DIR}/tests/certificates)
golws_test(http2 FIXTURES certificates ENVIRONMENT TEST_CERTIFICATES=${PROJECT_BINARY_DIR}/tests/certificates LABELS slow)
