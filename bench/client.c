/*
 * The client under measurement, written on the libwebsockets interface the
 * way programs in the field are: one context and one loop, a message is sent
 * when the connection is writable, its echo is compared with what was sent.
 *
 * The runner compiles this one source twice, once per library, and lets both
 * talk to the floor server, so neither side gets a friendlier program or peer.
 * Its own CPU time is what is measured.
 */

#include <libwebsockets.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define MOST_SAMPLES 4000000

struct session {
	struct lws *wsi;
	uint64_t called; /* when the connection was asked for */
	uint64_t sent, received;
	size_t part; /* of the message that is coming in */
	int closing;
};

static struct {
	const char *mode, *address, *path;
	int port, connections, in_flight;
	size_t payload;
	double warmup, duration;
	int tls, no_resumption;
} options = {
	.mode = "echo",
	.address = "127.0.0.1",
	.path = "/",
	.connections = 64,
	.in_flight = 1,
	.payload = 32,
	.warmup = 0.5,
	.duration = 2,
};

static struct lws_context *context;
static struct session *sessions;
static unsigned char *payload, *buffer;
static int missing, open_connections, churns, is_http, failed, over, measuring;
static uint64_t measure_at, stop_at, operations, cpu_started, cpu_ended, started, ended;
static uint32_t *samples;
static size_t sample_count;
static volatile sig_atomic_t interrupted;

static uint64_t
clock_of(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);

	return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

static int
problem(const char *what)
{
	if (!failed)
		fprintf(stderr, "client: %s\n", what);
	failed = 1;
	lws_cancel_service(context);

	return -1;
}

/* 0 when the run is over. */
static int
phase_continues(void)
{
	uint64_t time = clock_of(CLOCK_MONOTONIC);

	if (!measuring && measure_at && time >= measure_at) {
		measuring = 1;
		operations = 0;
		sample_count = 0;
		started = time;
		stop_at = time + (uint64_t)(options.duration * 1e9);
		cpu_started = clock_of(CLOCK_PROCESS_CPUTIME_ID);
	} else if (measuring && time >= stop_at) {
		cpu_ended = clock_of(CLOCK_PROCESS_CPUTIME_ID);
		ended = time;
		over = 1;
	}

	return !over;
}

static void
first_byte(struct session *session)
{
	uint64_t took;

	if (session->called && sample_count < MOST_SAMPLES) {
		took = clock_of(CLOCK_MONOTONIC) - session->called;
		samples[sample_count++] = took < UINT32_MAX ? (uint32_t)took : UINT32_MAX;
	}
	session->called = 0;
}

/* The sequence number is in the first bytes, so that no message looks like another. */
static void
stamp(const struct session *session, uint64_t sequence, unsigned char *to)
{
	uint64_t value = sequence << 16 | (uint64_t)(session - sessions);

	memcpy(to, &value, options.payload < sizeof(value) ? options.payload : sizeof(value));
}

static int
echoed(struct lws *wsi, struct session *session, const void *in, size_t len)
{
	if (session->closing)
		return 0;
	first_byte(session);
	if (session->part + len > options.payload)
		return problem("an echo is too long");
	if (!session->part)
		stamp(session, session->received, payload);
	if (memcmp(in, payload + session->part, len))
		return problem("an echo differs");
	session->part += len;
	if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi))
		return 0;
	if (session->part != options.payload)
		return problem("an echo is too short");
	session->part = 0;
	session->received++;
	if (churns) {
		session->closing = 1;
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return -1;
	}
	operations++;
	lws_callback_on_writable(wsi);

	return 0;
}

static int
callback_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	      void *in, size_t len)
{
	struct session *session = lws_wsi_user(wsi);

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		open_connections++;
		lws_callback_on_writable(wsi);
		break;

	case LWS_CALLBACK_CLIENT_WRITEABLE:
		if (session->closing || session->sent - session->received >= (uint64_t)options.in_flight)
			break;
		stamp(session, session->sent, payload);
		/* the library may change what it is given */
		memcpy(buffer + LWS_PRE, payload, options.payload);
		if (lws_write(wsi, buffer + LWS_PRE, options.payload, LWS_WRITE_BINARY) < (int)options.payload)
			return problem("lws_write fails");
		session->sent++;
		if (session->sent - session->received < (uint64_t)options.in_flight)
			lws_callback_on_writable(wsi);
		break;

	case LWS_CALLBACK_CLIENT_RECEIVE:
		return echoed(wsi, session, in, len);

	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		if (over) /* it was being made when the time was up */
			break;
		fprintf(stderr, "client: %s\n", in ? (const char *)in : "no reason");
		return problem("a connection cannot be made");

	case LWS_CALLBACK_CLIENT_CLOSED:
		open_connections--;
		if (!churns || !session->closing) {
			if (!over)
				problem("the server has closed a connection");
			break;
		}
		operations++;
		session->wsi = NULL;
		missing++;
		break;

	default:
		break;
	}

	return 0;
}

static int
callback_http(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	      void *in, size_t len)
{
	struct session *session = lws_wsi_user(wsi);
	char space[LWS_PRE + 1024], *start = space + LWS_PRE;
	int size = sizeof(space) - LWS_PRE;

	(void)user;
	(void)in;
	switch (reason) {
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		if (lws_http_client_read(wsi, &start, &size) < 0)
			return -1;
		break;

	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		first_byte(session);
		session->received += len;
		break;

	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		if (over) /* it was being made when the time was up */
			break;
		fprintf(stderr, "client: %s\n", in ? (const char *)in : "no reason");
		return problem("a connection cannot be made");

	case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
		if (session->received != options.payload && !over)
			problem("a response has another length");
		operations++;
		session->wsi = NULL;
		missing++;
		break;

	default:
		break;
	}

	return 0;
}

static int
connect_session(struct session *session)
{
	struct lws_client_connect_info info;

	memset(session, 0, sizeof(*session));
	memset(&info, 0, sizeof(info));
	info.context = context;
	info.address = options.address;
	info.port = options.port;
	info.path = options.path;
	info.host = info.origin = options.address;
	info.userdata = session;
	info.pwsi = &session->wsi;
	info.local_protocol_name = info.protocol = is_http ? "http" : "echo";
	if (is_http) {
		info.method = "GET";
		info.protocol = NULL;
	}
	if (options.tls)
		info.ssl_connection = LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED |
				      LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
	session->called = clock_of(CLOCK_MONOTONIC);
	if (!lws_client_connect_via_info(&info))
		return problem("lws_client_connect_via_info fails");

	return 0;
}

/* Those that are to be connected all the time are not all begun at once, or the server's queue is full. */
static void
connect_missing(void)
{
	int index, batch = 32;

	for (index = 0; missing && batch && index < options.connections && !failed; index++)
		if (!sessions[index].wsi) {
			missing--;
			batch--;
			connect_session(&sessions[index]);
		}
}

static int
by_value(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return a < b ? -1 : a > b;
}

static double
percentile(double part)
{
	return sample_count ? samples[(size_t)((double)(sample_count - 1) * part)] / 1e3 : 0;
}

static void
report(void)
{
	double seconds = (double)(ended - started) / 1e9, cpu = (double)(cpu_ended - cpu_started);

	qsort(samples, sample_count, sizeof(*samples), by_value);
	printf("{\"mode\": \"%s\", \"operations\": %llu, \"seconds\": %.4f, "
	       "\"operations_per_second\": %.1f, \"cpu_seconds\": %.6f, "
	       "\"cpu_us_per_operation\": %.4f",
	       options.mode, (unsigned long long)operations, seconds,
	       (double)operations / seconds, cpu / 1e9,
	       cpu / 1e3 / (double)operations);
	if (sample_count)
		printf(", \"first_byte_us\": {\"p50\": %.2f, \"p90\": %.2f, \"p99\": %.2f}",
		       percentile(0.5), percentile(0.9), percentile(0.99));
	printf("}\n");
}

static void
on_signal(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

static const char *
option(int argc, const char **argv, const char *name, const char *otherwise)
{
	const char *value = lws_cmdline_option(argc, argv, name);

	return value ? value : otherwise;
}

int
main(int argc, const char **argv)
{
	struct lws_context_creation_info info;
	struct lws_protocols protocols[3];
	struct rlimit limit;
	size_t index;
	int n = 0;

	options.mode = option(argc, argv, "--mode", "echo");
	options.address = option(argc, argv, "--address", "127.0.0.1");
	options.path = option(argc, argv, "--path", "/");
	options.port = atoi(option(argc, argv, "--port", "7681"));
	options.connections = atoi(option(argc, argv, "--connections", "64"));
	options.in_flight = atoi(option(argc, argv, "--in-flight", "1"));
	options.payload = strtoul(option(argc, argv, "--payload", "32"), NULL, 10);
	options.warmup = atof(option(argc, argv, "--warmup", "0.5"));
	options.duration = atof(option(argc, argv, "--duration", "2"));
	options.tls = !!lws_cmdline_option(argc, argv, "--tls");
	options.no_resumption = !!lws_cmdline_option(argc, argv, "--no-resumption");
	is_http = !strcmp(options.mode, "http");
	churns = is_http || !strcmp(options.mode, "connect");

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	lws_set_log_level(LLL_ERR | LLL_WARN, NULL);

	sessions = calloc((size_t)options.connections, sizeof(*sessions));
	samples = malloc(MOST_SAMPLES * sizeof(*samples));
	payload = malloc(options.payload + 1);
	buffer = malloc(LWS_PRE + options.payload + 1);
	if (!sessions || !samples || !payload || !buffer)
		return 1;
	for (index = 0; index < options.payload; index++)
		payload[index] = (unsigned char)(index * 31 + index / 251);

	memset(protocols, 0, sizeof(protocols));
	protocols[0].name = "http";
	protocols[0].callback = callback_http;
	protocols[1].name = "echo";
	protocols[1].callback = callback_echo;

	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	if (options.tls)
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	if (options.no_resumption)
		info.ssl_client_options_set |= 1 << 14; /* SSL_OP_NO_TICKET */
	context = lws_create_context(&info);
	if (!context) {
		fprintf(stderr, "client: no context\n");
		return 1;
	}

	missing = options.connections;
	while (n >= 0 && !interrupted && !failed) {
		connect_missing();
		if (!measure_at && (churns || open_connections == options.connections))
			measure_at = clock_of(CLOCK_MONOTONIC) + (uint64_t)(options.warmup * 1e9);
		n = lws_service(context, 0);
		if (!phase_continues())
			break;
	}
	if (over && !failed && operations)
		report();
	else if (!failed)
		problem("nothing came back");
	lws_context_destroy(context);

	return failed;
}
