#include <libwebsockets.h>

#include <errno.h>
#include <sys/random.h>

size_t lws_get_random(struct lws_context *context, void *buf, size_t len)
{
	uint8_t *p = buf;
	size_t left = len;

	(void)context;

	while (left) {
		ssize_t n = getrandom(p, left, 0);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			lwsl_err("%s: %s\n", __func__, strerror(errno));
			return 0;
		}
		p += n;
		left -= (size_t)n;
	}

	return len;
}
