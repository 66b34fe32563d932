# A callback has five parameters and mostly needs three.
add_compile_options(-Wno-unused-parameter)

golws_test(trace_raw ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/raw/expected LABELS no-valgrind)
golws_test(trace_adopt ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/raw/expected LABELS no-valgrind)
golws_test(raw STATIC_TOO)
golws_test(adopt STATIC_TOO)
golws_test(adopt_tls FIXTURES certificates ENVIRONMENT TEST_CERTIFICATES=${PROJECT_BINARY_DIR}/tests/certificates)
