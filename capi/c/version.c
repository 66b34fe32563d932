#include "private.h"

/* weak: capi/soname17 has another */
const int golws_has_connecting __attribute__((weak)) = 1;

const char *lws_get_library_version(void)
{
	return LWS_LIBRARY_VERSION;
}
