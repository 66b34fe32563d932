# The certificates are made once before the first of these tests; certificates.sh says what they are.
set(certificates ${PROJECT_BINARY_DIR}/tests/certificates)
add_test(NAME tls.certificates COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tls/certificates.sh ${certificates})
set_tests_properties(tls.certificates PROPERTIES FIXTURES_SETUP certificates LABELS tls)

# A callback has five parameters and mostly needs three.
add_compile_options(-Wno-unused-parameter)

foreach(part listen client_certificates x509 reload events vhosts)
	golws_test(${part} FIXTURES certificates ENVIRONMENT TEST_CERTIFICATES=${certificates})
endforeach()
# They start servers of others, which is slow. Not under valgrind: in about every second run memcheck takes a pointer that Go
# has just allocated for uninitialised, and says so where the program reads the text of an error. Others take the same paths.
foreach(part clients client_sessions)
	golws_test(${part} ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/tls
		FIXTURES certificates ENVIRONMENT TEST_CERTIFICATES=${certificates} LABELS slow no-valgrind)
endforeach()
