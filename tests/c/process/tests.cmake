golws_test(load NO_LIBRARY ARGUMENTS $<TARGET_FILE:websockets_shared>)
golws_test(lazy STATIC_TOO)
golws_test(fork STATIC_TOO)
# what they count, another test on the same two processors would disturb
golws_test(storm SERIAL ARGUMENTS 5)
golws_test(signals SERIAL)
golws_test(descriptors SERIAL)
