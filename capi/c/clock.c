#include <libwebsockets.h>

#include <time.h>

unsigned long lws_now_secs(void)
{
	return (unsigned long)time(NULL);
}

lws_usec_t lws_now_usecs(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now))
		return 0;

	return (lws_usec_t)now.tv_sec * LWS_US_PER_SEC + now.tv_nsec / LWS_NS_PER_US;
}
