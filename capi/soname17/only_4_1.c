/*
 * What 4.1.6 has and 4.2 has not, and what programs of Debian import although it is not there yet.
 */
#include <stdatomic.h>

#include "interface_4_1.h"

extern const int golws_has_connecting;
const int golws_has_connecting = 0;

/* As Debian's package says it: programs compare it with LWS_LIBRARY_VERSION of the headers that they were built with. */
const char *golws_4_1_lws_get_library_version(void)
{
	return "4.1.6-";
}

/* The second half of lws_context_destroy(), which has only one here. */
void golws_4_1_lws_context_destroy2(struct lws_context *context)
{
	lws_context_destroy(context);
}

/* Without the symbol, a program that is bound at once would not even start. */
int golws_4_1_lws_service_fd(struct lws_context *context, struct lws_pollfd *pollfd)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;

	(void)context;
	(void)pollfd;
	if (!atomic_flag_test_and_set(&told))
		lwsl_err("lws_service_fd: poll loops of the program's own are not there yet; lws_service() has to be called\n");
	return -1;
}
