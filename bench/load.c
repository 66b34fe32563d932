/*
 * Load generator: options, phases, counters and the common client parts.
 * The modes are in load_echo.c, load_http.c, load_churn.c and load_tls.c.
 */

#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct options options = {
	.mode = NULL,
	.host = "127.0.0.1",
	.path = "/",
	.protocol = "echo",
	.connections = 64,
	.payload = 32,
	.in_flight = 1,
	/* TLS 1.2 wants the curve of the certificate in the list too */
	.groups = "X25519:P-256",
	.warmup = 0.5,
	.duration = 3,
};

unsigned char receive_buffer[RECEIVE_SIZE];
struct figures figures;

/*
 * Latencies are counted in buckets of about 3% width: 32 steps for each power of two.
 */
#define LATENCY_STEPS 32
static uint64_t latency_buckets[64 * LATENCY_STEPS];
static uint64_t latency_count;

static uint64_t phase_measure_at, phase_stop_at = UINT64_MAX;
static int measuring;

void
fail(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "load: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	exit(1);
}

uint64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);

	return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

/*
 * The process CPU clock of the server counts all its threads, ended ones
 * included, in nanoseconds; /proc/PID/stat has the same sum in ticks and is
 * only needed for the division into user and system time.
 */
static uint64_t
server_cpu(void)
{
	struct timespec time;
	clockid_t clock;

	if (!options.server)
		return 0;
	if (clock_getcpuclockid(options.server, &clock) ||
	    clock_gettime(clock, &time))
		fail("the server (pid %d) is gone", (int)options.server);

	return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

static void
server_ticks(uint64_t *user, uint64_t *system)
{
	unsigned long user_ticks = 0, system_ticks = 0;
	char name[64], line[1024], *field;
	FILE *file;

	*user = *system = 0;
	if (!options.server)
		return;
	snprintf(name, sizeof(name), "/proc/%d/stat", (int)options.server);
	file = fopen(name, "r");
	if (!file)
		fail("the server (pid %d) is gone", (int)options.server);
	if (!fgets(line, sizeof(line), file))
		fail("%s: cannot be read", name);
	fclose(file);
	/* the command's name may hold blanks, the fields start after it */
	field = strrchr(line, ')');
	if (!field || sscanf(field + 2,
			     "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
			     "%lu %lu", &user_ticks, &system_ticks) != 2)
		fail("%s: not understood", name);
	*user = user_ticks * (1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK));
	*system = system_ticks *
		  (1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK));
}

uint64_t
server_resident(void)
{
	unsigned long long kilobytes = 0;
	char name[64], line[256];
	FILE *file;

	if (!options.server)
		return 0;
	snprintf(name, sizeof(name), "/proc/%d/status", (int)options.server);
	file = fopen(name, "r");
	if (!file)
		fail("the server (pid %d) is gone", (int)options.server);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "VmRSS: %llu kB", &kilobytes) == 1)
			break;
	fclose(file);

	return (uint64_t)kilobytes * 1024;
}

void
phase_begin(void)
{
	phase_measure_at = now() + (uint64_t)(options.warmup * 1e9);
}

int
phase_continues(uint64_t time)
{
	if (time >= phase_stop_at && measuring) {
		figures.cpu_ended = server_cpu();
		figures.ended = now();
		server_ticks(&figures.user_ended, &figures.system_ended);
		measuring = 0;
		return 0;
	}
	if (time >= phase_measure_at && !measuring) {
		server_ticks(&figures.user_started, &figures.system_started);
		figures.started = now();
		figures.cpu_started = server_cpu();
		/* not from the plan: the machine may have kept us waiting */
		phase_stop_at = figures.started + (uint64_t)(options.duration * 1e9);
		measuring = 1;
	}

	return 1;
}

void
phase_again(void)
{
	memset(&figures, 0, sizeof(figures));
	memset(latency_buckets, 0, sizeof(latency_buckets));
	latency_count = 0;
	phase_begin();
	phase_stop_at = UINT64_MAX;
}

int
phase_measuring(void)
{
	return measuring;
}

int
phase_wait(void)
{
	uint64_t time = now(),
		 next = measuring ? phase_stop_at : phase_measure_at;

	return next <= time ? 0 : (int)((next - time) / 1000000ull) + 1;
}

void
latency_record(uint64_t nanoseconds)
{
	unsigned int power, step;

	if (nanoseconds < LATENCY_STEPS)
		nanoseconds = LATENCY_STEPS;
	power = 63u - (unsigned int)__builtin_clzll(nanoseconds);
	step = (unsigned int)(nanoseconds >> (power - 5)) & (LATENCY_STEPS - 1);
	latency_buckets[power * LATENCY_STEPS + step]++;
	latency_count++;
}

double
latency_percentile(double part)
{
	uint64_t wanted = (uint64_t)((double)latency_count * part), seen = 0;
	unsigned int index;

	for (index = 0; index < 64 * LATENCY_STEPS; index++) {
		seen += latency_buckets[index];
		if (seen > wanted)
			return (double)((uint64_t)(LATENCY_STEPS +
						   index % LATENCY_STEPS)
					<< (index / LATENCY_STEPS - 5)) / 1e3;
	}

	return 0;
}

void
report(const char *extra_format, ...)
{
	double seconds = (double)(figures.ended - figures.started) / 1e9,
	       operations = (double)figures.operations;
	va_list arguments;

	printf("{\"mode\": \"%s\", \"operations\": %llu, \"seconds\": %.4f, "
	       "\"operations_per_second\": %.1f, \"bytes\": %llu",
	       options.mode, (unsigned long long)figures.operations, seconds,
	       seconds > 0 ? operations / seconds : 0,
	       (unsigned long long)figures.bytes);
	if (latency_count)
		printf(", \"latency_us\": {\"p50\": %.1f, \"p90\": %.1f, "
		       "\"p99\": %.1f, \"p999\": %.1f}",
		       latency_percentile(0.5), latency_percentile(0.9),
		       latency_percentile(0.99), latency_percentile(0.999));
	if (options.server && figures.operations)
		printf(", \"cpu_seconds\": %.6f, "
		       "\"cpu_us_per_operation\": %.4f, "
		       "\"cpu_user_seconds\": %.2f, "
		       "\"cpu_system_seconds\": %.2f",
		       (double)(figures.cpu_ended - figures.cpu_started) / 1e9,
		       (double)(figures.cpu_ended - figures.cpu_started) /
			       1e3 / operations,
		       (double)(figures.user_ended - figures.user_started) / 1e9,
		       (double)(figures.system_ended -
				figures.system_started) / 1e9);
	if (extra_format) {
		va_start(arguments, extra_format);
		vprintf(extra_format, arguments);
		va_end(arguments);
	}
	printf("}\n");
}

void
set_blocking(int fd, int blocking)
{
	int flags = fcntl(fd, F_GETFL);

	flags = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
	if (fcntl(fd, F_SETFL, flags))
		fail("fcntl: %s", strerror(errno));
}

/*
 * The source address rotates through 127.1.0.0/16: thousands of closed
 * connections a second leave as many ports in TIME_WAIT, and one address has
 * only 28,000 of them.
 */
int
connect_socket(int blocking)
{
	static uint32_t rotation;
	struct sockaddr_in source, target;
	int fd, one = 1;

	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC |
		    (blocking ? 0 : SOCK_NONBLOCK), 0);
	if (fd < 0)
		fail("socket: %s", strerror(errno));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));

	memset(&target, 0, sizeof(target));
	target.sin_family = AF_INET;
	target.sin_port = htons((uint16_t)options.port);
	if (inet_pton(AF_INET, options.host, &target.sin_addr) != 1)
		fail("%s: not an IPv4 address", options.host);

	if (ntohl(target.sin_addr.s_addr) >> 24 == 127) {
		memset(&source, 0, sizeof(source));
		source.sin_family = AF_INET;
		source.sin_addr.s_addr =
			htonl(0x7f010001u + (rotation++ & 0xfff));
		if (bind(fd, (struct sockaddr *)&source, sizeof(source)))
			fail("bind: %s", strerror(errno));
	}

	if (connect(fd, (struct sockaddr *)&target, sizeof(target)) &&
	    errno != EINPROGRESS)
		fail("connect: %s", strerror(errno));

	return fd;
}

const char *
upgrade_request(size_t *length)
{
	static char request[1024];

	if (!request[0])
		snprintf(request, sizeof(request),
			 "GET %s HTTP/1.1\r\n"
			 "Host: %s:%d\r\n"
			 "Upgrade: websocket\r\n"
			 "Connection: Upgrade\r\n"
			 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
			 "Sec-WebSocket-Protocol: %s\r\n"
			 "Sec-WebSocket-Version: 13\r\n"
			 "\r\n", options.path, options.host, options.port,
			 options.protocol);
	*length = strlen(request);

	return request;
}

size_t
upgrade_response(const char *head, size_t length)
{
	const char *end = memmem(head, length, "\r\n\r\n", 4);

	if (!end)
		return 0;
	length = (size_t)(end - head) + 4;
	if (length < 12 || memcmp(head, "HTTP/1.1 101", 12))
		fail("not upgraded: %.*s", (int)length, head);
	if (!memmem(head, length, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", 28))
		fail("wrong Sec-WebSocket-Accept: %.*s", (int)length, head);

	return length;
}

int
open_websocket(void)
{
	char head[4096];
	size_t length, have = 0;
	const char *request = upgrade_request(&length);
	ssize_t count;
	int fd = connect_socket(1);
	TLS *tls = tls_open(fd);

	send_all(fd, tls, request, length);
	do {
		if (have == sizeof(head))
			fail("the upgrade response is too long");
		count = receive_some(fd, tls, head + have, sizeof(head) - have);
		if (count <= 0)
			fail("upgrade response: %s",
			     count ? strerror(errno) : "closed");
		have += (size_t)count;
		length = upgrade_response(head, have);
	} while (!length);
	if (length != have)
		fail("%zu unexpected bytes after the upgrade response",
		     have - length);
	set_blocking(fd, 0);
	/* only idle connections use TLS here: the socket is all they need */
	tls_free(tls);

	return fd;
}

void
epoll_set(int epoll, int operation, int fd, uint32_t events, void *data)
{
	struct epoll_event event;

	memset(&event, 0, sizeof(event));
	event.events = events;
	event.data.ptr = data;
	if (epoll_ctl(epoll, operation, fd, &event))
		fail("epoll_ctl: %s", strerror(errno));
}

static void
usage(void)
{
	fprintf(stderr,
		"load --mode echo|http|churn|idle|idle-http|handshake --port PORT [options]\n"
		"  --host ADDRESS      IPv4 address, 127.0.0.1\n"
		"  --path PATH         request path, /\n"
		"  --protocol NAME     WebSocket subprotocol, echo\n"
		"  --connections N     64 (churn, handshake: how many at a time)\n"
		"  --payload BYTES     echo: size of a message, 32\n"
		"  --in-flight N       echo: messages under way per connection, 1\n"
		"  --expect FILE       http: the body that must come back\n"
		"  --tls VERSION       http, idle, handshake: 1.2, 1.3 or any\n"
		"  --groups LIST       key exchange, in OpenSSL's names, X25519:P-256\n"
		"  --stalled HOW:N     http: measure, then once more beside N more TLS\n"
		"                      connections that stop in the middle of their\n"
		"                      handshake: hello (half of it sent) or finished\n"
		"                      (nothing after the ClientHello)\n"
		"  --warmup SECONDS    0.5 (idle: settling time)\n"
		"  --duration SECONDS  3\n"
		"  --server PID        report this process's CPU and memory\n");
	exit(2);
}

int
main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "mode", required_argument, NULL, 'm' },
		{ "host", required_argument, NULL, 'h' },
		{ "port", required_argument, NULL, 'p' },
		{ "path", required_argument, NULL, 'a' },
		{ "protocol", required_argument, NULL, 'o' },
		{ "connections", required_argument, NULL, 'c' },
		{ "payload", required_argument, NULL, 'b' },
		{ "in-flight", required_argument, NULL, 'f' },
		{ "expect", required_argument, NULL, 'e' },
		{ "tls", required_argument, NULL, 't' },
		{ "groups", required_argument, NULL, 'g' },
		{ "stalled", required_argument, NULL, 'l' },
		{ "warmup", required_argument, NULL, 'w' },
		{ "duration", required_argument, NULL, 'd' },
		{ "server", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	struct rlimit limit;
	const char *colon;
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		switch (option) {
		case 'm': options.mode = optarg; break;
		case 'h': options.host = optarg; break;
		case 'p': options.port = atoi(optarg); break;
		case 'a': options.path = optarg; break;
		case 'o': options.protocol = optarg; break;
		case 'c': options.connections = atoi(optarg); break;
		case 'b': options.payload = strtoul(optarg, NULL, 10); break;
		case 'f': options.in_flight = atoi(optarg); break;
		case 'e': options.expect = optarg; break;
		case 't':
			options.tls = 1;
			options.tls_version = !strcmp(optarg, "1.2") ? 12 :
					      !strcmp(optarg, "1.3") ? 13 : 0;
			break;
		case 'g': options.groups = optarg; break;
		case 'l':
			options.stalled = optarg;
			colon = strchr(optarg, ':');
			options.stalled_connections = colon ? atoi(colon + 1) : 0;
			if (options.stalled_connections <= 0)
				usage();
			break;
		case 'w': options.warmup = atof(optarg); break;
		case 'd': options.duration = atof(optarg); break;
		case 's': options.server = (pid_t)atoi(optarg); break;
		default: usage();
		}
	if (!options.mode || options.port <= 0 || options.connections <= 0 ||
	    options.in_flight <= 0)
		usage();

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}

	if (!strcmp(options.mode, "echo"))
		run_echo();
	else if (!strcmp(options.mode, "http"))
		run_http();
	else if (!strcmp(options.mode, "churn"))
		run_churn();
	else if (!strcmp(options.mode, "idle"))
		run_idle(open_websocket);
	else if (!strcmp(options.mode, "idle-http"))
		run_idle(open_answered);
	else if (!strcmp(options.mode, "handshake"))
		run_handshake();
	else
		usage();

	return 0;
}
