# A callback has five parameters and mostly needs three.
add_compile_options(-Wno-unused-parameter)

# Valgrind takes seconds to start the library in each case's process; other tests take the same paths with fewer cases.
foreach(part http websocket)
	golws_test(trace_${part} ARGUMENTS ${CMAKE_CURRENT_SOURCE_DIR}/client/expected LABELS no-valgrind)
endforeach()
