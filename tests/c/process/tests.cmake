golws_test(load NO_LIBRARY ARGUMENTS $<TARGET_FILE:websockets_shared>)
golws_test(lazy STATIC_TOO)
golws_test(fork STATIC_TOO)
# what they count, another test on the same two processors would disturb
golws_test(storm SERIAL ARGUMENTS 5)
golws_test(signals SERIAL)
# valgrind has a limit of descriptors of its own, and closes what exceeds it
golws_test(descriptors SERIAL LABELS no-valgrind)
