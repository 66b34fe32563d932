# These have parts of the library in themselves, to look inside of them or to stand in for what they need.
golws_test(golws_log NO_LIBRARY)
golws_test(sul_heap NO_LIBRARY)
golws_test(form NO_LIBRARY)
golws_test(daemonize NO_LIBRARY)
