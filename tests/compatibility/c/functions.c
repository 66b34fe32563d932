/*
 * The functions that have another prototype, value or struct in 4.2, called as programs of 4.1.6 call them. An int
 * argument comes with rubbish in the upper half of its register, which the ABI allows.
 */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <libwebsockets.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* As a compiler may pass an int */
static long rubbish(int value)
{
	return (long)0xdeadbeef00000000 | (unsigned int)value;
}

/* Text without the spaces that 4.1 pads with */
static const char *trimmed(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from != ' ')
			*to++ = *from;
	*to = '\0';
	return text;
}

static void lengths(const char *directory)
{
	int (*humanize)(char *, long, uint64_t, const lws_humanize_unit_t *) = (void *)lws_humanize;
	const char *(*sql_purify)(char *, const char *, long) = (void *)lws_sql_purify;
	int (*timestamp)(int, char *, long) = (void *)lwsl_timestamp;
	int (*read_file)(const char *, void *, long) = (void *)lws_plat_read_file;
	int (*write_file)(const char *, void *, long) = (void *)lws_plat_write_file;
	int (*extend)(struct lwsac *, long) = (void *)lwsac_extend;
	char text[64], path[256];
	struct lwsac *ac = NULL;
	void *first;

	humanize(text, rubbish(sizeof(text)), 12345678, humanize_schema_us);
	printf("humanize %s", trimmed(text));
	humanize(text, rubbish(sizeof(text)), 2048, humanize_schema_si_bytes);
	printf(" %s", trimmed(text));
	humanize(text, rubbish(sizeof(text)), 7, humanize_schema_si);
	printf(" %s\n", trimmed(text));

	printf("sql_purify %s\n", sql_purify(text, "it's 'quoted'", rubbish(sizeof(text))));

	printf("timestamp %d", timestamp(LLL_WARN, text, rubbish(sizeof(text))));
	printf(" %c%c\n", text[0], text[27]);

	snprintf(path, sizeof(path), "%s/written", directory);
	printf("write_file %d", write_file(path, "some bytes", rubbish(4)));
	memset(text, 0, sizeof(text));
	printf(" read_file %d", read_file(path, text, rubbish(sizeof(text) - 1)));
	printf(" %s\n", text);

	first = lwsac_use(&ac, 8, 4096);
	printf("lwsac %d", first != NULL);
	printf(" extend %d", extend(ac, rubbish(64)));
	printf(" used %d\n", (char *)lwsac_use(&ac, 8, 0) - (char *)first >= 72);
	lwsac_free(&ac);
}

static void tokens(void)
{
	const unsigned char *text;
	int n, count = 0;

	for (n = 0; (text = lws_token_to_string((enum lws_token_indexes)n)); n++)
		count++;
	printf("tokens %d, last '%s' '%s'\n", count, lws_token_to_string(WSI_TOKEN_X_AUTH_TOKEN),
	       lws_token_to_string((enum lws_token_indexes)_WSI_TOKEN_CLIENT_SENT_PROTOCOLS));
}

static signed char parsed(struct lejp_ctx *ctx, char reason)
{
	static const char *const paths[] = { "inner", "list[].*" };

	if (reason == LEJPCB_OBJECT_START && ctx->path_match == 1)
		lejp_parser_push(ctx, NULL, paths, 2, parsed);
	if (reason == LEJPCB_VAL_STR_END || reason == LEJPCB_VAL_NUM_INT || reason == LEJPCB_VAL_TRUE)
		printf("lejp %d path %s match %d value %.*s indexes %d %d %d\n", reason, ctx->path, ctx->path_match,
		       ctx->npos, ctx->buf, ctx->ipos, ctx->ipos ? ctx->i[0] : -1, ctx->wildcount);
	return 0;
}

static void json(void)
{
	static const char *const paths[] = { "deeper", "list[].*", "*.b" };
	static const char text[] = "{\"a\":{\"b\":true},\"deeper\":{\"inner\":\"two\"},"
				   "\"list\":[{\"x\":\"one\"},{\"y\":[1,2,[3]]}]}";
	struct {
		char before[64];
		struct lejp_ctx ctx;
		char after[64];
	} s;
	int n;

	memset(&s, 0x5a, sizeof(s));
	lejp_construct(&s.ctx, parsed, NULL, paths, 3);
	n = lejp_parse(&s.ctx, (const unsigned char *)text, (int)sizeof(text) - 1);
	printf("lejp %d, line %u\n", n < 0 ? n : 0, (unsigned int)s.ctx.line);
	lejp_destruct(&s.ctx);
	for (n = 0; n < 64; n++)
		if (s.before[n] != 0x5a || s.after[n] != 0x5a)
			printf("lejp wrote beside its struct\n");
	printf("lejp %s\n", lejp_error_to_string(LEJP_REJECT_MP_STRING_UNDERRUN) ? "has texts" : "has no texts");
}

static int called;

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)wsi;
	(void)user;
	if ((int)reason >= LWS_CALLBACK_USER) {
		called++;
		printf("callback %d len %zu %s\n", reason, len, (const char *)in);
	}
	if (reason == LWS_CALLBACK_PROTOCOL_INIT) {
		int (*all)(struct lws *, long, void *, long) = (void *)lws_callback_vhost_protocols;

		all(wsi, rubbish(LWS_CALLBACK_USER + 3), "text", rubbish(4));
	}
	return 0;
}

static int reboots;

static int reboot_now(void)
{
	return ++reboots;
}

static void contexts(void)
{
	static const struct lws_protocols protocols[] = {
		{ "one", callback, 0, 0, 0, NULL, 0 },
		{ "two", callback, 0, 0, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 },
	};
	static const lws_system_ops_t ops = { .reboot = reboot_now, .wake_latency_us = 77 };
	struct lws_context_creation_info info;
	struct lws_context *context;
	int uid = -5, gid = -5;

	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.user = &info;
	info.count_threads = 1;
	info.vhost_name = "named";
	info.system_ops = &ops;
	info.uid = -1;
	info.gid = -1;
	context = lws_create_context(&info);
	printf("context %d", context != NULL);
	if (!context)
		exit(1);
	printf(" user %d threads %d", lws_context_user(context) == &info, lws_get_count_threads(context));
	printf(" vhost %d", lws_get_vhost_by_name(context, "named") != NULL);
	printf(" ops %d", lws_system_get_ops(context) == &ops);
	lws_get_effective_uid_gid(context, &uid, &gid);
	printf(" ids %d\n", uid != -5 && gid != -5);
	lws_service(context, -1);
	printf("called %d\n", called);
	lws_context_destroy(context);
}

static int arrived;
static struct sockaddr_in peer;

static int datagram_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	const struct lws_udp *udp;

	(void)user;
	if (reason == LWS_CALLBACK_RAW_ADOPT)
		printf("adopted %d\n", lws_get_opaque_user_data(wsi) == &peer);
	if (reason != LWS_CALLBACK_RAW_RX)
		return 0;
	udp = lws_get_udp(wsi);
	printf("datagram %.*s of %d bytes, sender %d %d\n", (int)len, (char *)in, (int)len, (int)udp->salen,
	       !memcmp(&udp->sa, &peer, sizeof(udp->sa)));
	arrived = 1;
	return lws_write(wsi, in, len, LWS_WRITE_RAW) == (int)len ? 0 : -1;
}

/* lws_create_adopt_udp and lws_adopt_descriptor_vhost_via_info, each of which a peer talks to */
static void datagrams(void)
{
	static const struct lws_protocols protocols[] = {
		{ "one", datagram_callback, 0, 0, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 },
	};
	struct lws_context_creation_info info;
	struct lws_adopt_desc desc;
	struct lws_context *context;
	struct lws_vhost *vhost;
	int i;

	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	info.protocols = protocols;
	info.vhost_name = "named";
	info.uid = -1;
	info.gid = -1;
	context = lws_create_context(&info);
	if (!context)
		exit(1);
	vhost = lws_get_vhost_by_name(context, "named");
	for (i = 0; i < 2; i++) {
		int fd = socket(AF_INET, SOCK_DGRAM, 0);
		struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
		socklen_t length = sizeof(address);
		struct lws *wsi;
		char answer[16];

		if (i) {
			memset(&desc, 0, sizeof(desc));
			desc.vh = vhost;
			desc.type = LWS_ADOPT_RAW_SOCKET_UDP;
			desc.fd.sockfd = socket(AF_INET, SOCK_DGRAM, 0);
			desc.vh_prot_name = "one";
			desc.opaque = &peer;
			if (bind(desc.fd.sockfd, (struct sockaddr *)&address, length))
				exit(1);
			wsi = lws_adopt_descriptor_vhost_via_info(&desc);
		} else
			wsi = lws_create_adopt_udp(vhost, "127.0.0.1", 0, LWS_CAUDP_BIND, "one", NULL, NULL, &peer, NULL);
		if (!wsi || getsockname(lws_get_socket_fd(wsi), (struct sockaddr *)&address, &length) ||
		    connect(fd, (struct sockaddr *)&address, length) || getsockname(fd, (struct sockaddr *)&peer, &length))
			exit(1);
		if (send(fd, "hello", 5, 0) != 5)
			exit(1);
		for (arrived = 0; !arrived;)
			lws_service(context, 0);
		printf("answer %.*s\n", (int)recv(fd, answer, sizeof(answer), 0), answer);
		close(fd);
	}
	lws_context_destroy(context);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	lws_set_log_level(LLL_ERR, NULL);
	printf("version %s %d\n", lws_get_library_version(), !strcmp(lws_get_library_version(), LWS_LIBRARY_VERSION));
	lengths(argv[1]);
	tokens();
	json();
	contexts();
	datagrams();
	fflush(stdout);
	return 0;
}
