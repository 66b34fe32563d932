#ifndef GOLWS_ABSTRACT_UNIT_TEST_H
#define GOLWS_ABSTRACT_UNIT_TEST_H

/** \addtogroup abstract
 *
 * The transport "unit_test" sends nothing: a list of packets says what a protocol receives and what it must send.
 */
///@{

/** What a packet of a test means, lws_unit_test_packet_t.flags. */
enum {
	LWS_AUT_EXPECT_TEST_END			= (1 << 0),	/**< the test ends here, passed */
	LWS_AUT_EXPECT_LOCAL_CLOSE		= (1 << 1),	/**< the protocol must close the connection */
	LWS_AUT_EXPECT_DO_REMOTE_CLOSE		= (1 << 2),	/**< the peer closes the connection */
	LWS_AUT_EXPECT_TX			= (1 << 3),	/**< the protocol must send this */
	LWS_AUT_EXPECT_RX			= (1 << 4),	/**< the protocol receives this */
	LWS_AUT_EXPECT_SHOULD_FAIL		= (1 << 5),	/**< it passes if it fails here */
	LWS_AUT_EXPECT_SHOULD_TIMEOUT		= (1 << 6),	/**< it passes if its time ends here */
};

/** How a test, or a step of it, ended. */
typedef enum {
	LPE_CONTINUE,			/**< a step passed: go on */
	LPE_SUCCEEDED,			/**< passed */
	LPE_FAILED,			/**< failed */
	LPE_FAILED_UNEXPECTED_TIMEOUT,	/**< its time ended and should not have */
	LPE_FAILED_UNEXPECTED_PASS,	/**< it should have failed */
	LPE_FAILED_UNEXPECTED_CLOSE,	/**< the connection was closed and should not have been */
	LPE_SKIPPED,			/**< not done */
	LPE_CLOSING			/**< a step ends the connection */
} lws_unit_test_packet_disposition;

/** Called at the end of a test; disposition is a lws_unit_test_packet_disposition. */
typedef int (*lws_unit_test_packet_test_cb)(const void *cb_user, int disposition);
/** Called before a packet. */
typedef int (*lws_unit_test_packet_cb)(lws_abs_t *instance);

/** A step of a test. */
typedef struct lws_unit_test_packet {
	void			*buffer;	/**< the bytes */
	lws_unit_test_packet_cb	pre;		/**< NULL, or called before */
	size_t			len;		/**< how many bytes */

	uint32_t		flags;		/**< LWS_AUT_EXPECT_... */
} lws_unit_test_packet_t;

/** A test. */
typedef struct lws_unit_test {
	const char		*name;		/**< its name; NULL ends a list of tests */
	lws_unit_test_packet_t	*expect_array;	/**< its steps, the last with LWS_AUT_EXPECT_TEST_END */
	int			max_secs;	/**< how many seconds it may take */
} lws_unit_test_t;

/** Parameters of the transport "unit_test". */
enum {
	LTMI_PEER_V_EXPECT_TEST = LTMI_TRANSPORT_BASE,	/**< value: a lws_unit_test_t */
	LTMI_PEER_V_EXPECT_RESULT_CB,			/**< value: a lws_unit_test_packet_test_cb */
	LTMI_PEER_V_EXPECT_RESULT_CB_ARG,		/**< value: its cb_user */
};

/**
 * lws_unit_test_result_name() - a lws_unit_test_packet_disposition in words
 *
 * \param in: the disposition
 *
 * Returns a constant.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_unit_test_result_name(int in);
///@}

#endif
