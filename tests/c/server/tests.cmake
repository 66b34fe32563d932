# The same programs run against the distribution's library; this says that what we promise beyond it is tested too.
add_compile_definitions(TEST_GOLWS=1)

# A callback has five parameters and mostly needs three.
add_compile_options(-Wno-unused-parameter)

# Valgrind takes seconds to start the library in each case's process; other tests take the same paths with fewer cases.
foreach(part http websocket refused h2_http h2_websocket)
	golws_test(trace_${part} ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/server/expected LABELS no-valgrind)
endforeach()
golws_test(smoke ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/server LABELS slow)
# The static one is for the race detector, see ./test.
golws_test(service_threads STATIC_TOO)
golws_test(closing TIMEOUT 300)
golws_test(limits TIMEOUT 300)
# The archive is linked by other rules than the shared library.
golws_test(echo STATIC_TOO)
golws_test(http_dynamic STATIC_TOO)
