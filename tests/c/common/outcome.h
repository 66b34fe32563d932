/*
 * What becomes of a connection that a program makes, counted by the callbacks that tell, and how to wait for it where the
 * test itself serves the context.
 */
#ifndef TESTS_COMMON_OUTCOME_H
#define TESTS_COMMON_OUTCOME_H

#include <libwebsockets.h>

#include "check.h"

/* A test that looks at it from another thread than the callbacks' may do so. */
struct outcome {
	/* established: WebSocket or raw; closed: a connection that was established or had a response */
	_Atomic int established, responses, completed, failed, closed, destroyed;
	_Atomic int status; /* of the last response */
	char error[128];    /* text of CLIENT_CONNECTION_ERROR */
};

/* To be called with each callback of the connection. */
void outcome_note(struct outcome *outcome, struct lws *wsi, enum lws_callback_reasons reason, const void *in);

/* What programs do in LWS_CALLBACK_RECEIVE_CLIENT_HTTP: reads at most that many bytes, up to 1024. */
int outcome_read(struct lws *wsi, int most);

/* Serves the context until the condition holds; ends the case when the deadline is over. */
#define SERVE_UNTIL(context, condition)                                                            \
	do {                                                                                       \
		double serve_until = test_now() + test_deadline();                                 \
		while (!(condition) && test_now() < serve_until)                                   \
			REQUIRE(lws_service(context, 0) >= 0);                                     \
		REQUIRE(condition);                                                                \
	} while (0)

#endif
