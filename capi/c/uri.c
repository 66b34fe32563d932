#include <libwebsockets.h>

static const struct {
	const char *scheme;
	int port;
} default_ports[] = {
	{ "http", 80 }, { "ws", 80 }, { "https", 443 }, { "wss", 443 },
};

int lws_parse_uri(char *p, const char **prot, const char **ads, int *port, const char **path)
{
	char *separator = strstr(p, "://");
	unsigned int n;
	int is_unix;

	if (separator) {
		*separator = '\0';
		*prot = p;
		p = separator + 3;
	} else
		*prot = "";

	for (n = 0; n < sizeof(default_ports) / sizeof(default_ports[0]); n++)
		if (!strcmp(*prot, default_ports[n].scheme))
			*port = default_ports[n].port;

	is_unix = *p == '+';
	if (*p == '[') {
		*ads = ++p;
		p += strcspn(p, "]");
		if (*p)
			*p++ = '\0';
	} else {
		*ads = p;
		p += strcspn(p, is_unix ? ":" : ":/");
	}

	if (*p == ':') {
		*p++ = '\0';
		*port = atoi(p);
	}

	/* behind a port, and an address in brackets, other text may stand before the path: it is skipped */
	*path = "/";
	p += strcspn(p, "/");
	if (*p) {
		*p++ = '\0';
		if (*p)
			*path = p;
	}

	return 0;
}
