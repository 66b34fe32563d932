#ifndef GOLWS_LWS_TEST_SEQUENCER_H
#define GOLWS_LWS_TEST_SEQUENCER_H

/** \defgroup abs_test_sequencer Tests of abstract protocols, one after the other
 *
 * Each test says which packets it gives to a protocol and which it expects, see lws_unit_test_t; the protocol runs
 * over the transport "unit_test".
 */
///@{

/** Called when all tests have been done. */
typedef void (*lws_test_sequence_cb)(const void *cb_user);

/** The tests to do. */
typedef struct lws_test_sequencer_args {
	lws_abs_t		*abs;		/**< the protocol, over the transport for tests */
	lws_unit_test_t		*tests;		/**< the tests, ended by one whose name is NULL */
	int			*results;	/**< gets a lws_unit_test_packet_disposition for each test */
	int			results_max;	/**< room in results */
	int			*count_tests;	/**< gets the number of tests done */
	int			*count_passes;	/**< gets how many of them passed */
	lws_test_sequence_cb	cb;		/**< called at the end */
	void			*cb_user;	/**< passed to cb */
} lws_test_sequencer_args_t;

/**
 * lws_abs_unit_test_sequencer() - do tests
 *
 * \param args: the tests; what it points to must stay until its cb was called
 *
 * The tests happen in the event loop, after the call.
 *
 * Returns 0, or nonzero if they cannot be started.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_abs_unit_test_sequencer(const lws_test_sequencer_args_t *args);
///@}

#endif
