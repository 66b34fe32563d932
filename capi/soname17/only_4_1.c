/*
 * What 4.1.6 has and 4.2 has not, and what programs of Debian import although it is not there yet.
 */
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
