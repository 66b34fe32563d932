add_compile_definitions(TEST_GOLWS=1)
add_compile_options(-Wno-unused-parameter)

# Valgrind takes seconds to start the library in each case's process.
golws_test(trace ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/http2/expected LABELS no-valgrind)
