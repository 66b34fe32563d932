/*
 * The subprotocol golws-figures: what the server is doing, sampled by a timer twice a second and pushed to every page.
 * The last minute is kept, so that a new page does not begin with an empty graph.
 */
#include "demo.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#define INTERVAL (LWS_US_PER_SEC / 2)
#define KEPT 120 /* samples, a minute */

struct counters {
	lws_usec_t time, cpu; /* microseconds */
	uint64_t requests, messages, bytes;
};

struct sample {
	double time, requests, messages, bytes, cpu; /* seconds since 1970; per second; percent of one core */
	long rss;                                    /* bytes */
	int connections;
};

struct figures_session {
	uint64_t next; /* number of the sample to send next */
};

static struct figures {
	const struct lws_protocols *protocol;
	struct lws_context *context;
	lws_sorted_usec_list_t timer;
	struct counters now, before;
	int connections;
	time_t start;
	uint64_t taken; /* how many samples there have been */
	struct sample samples[KEPT];
} figures;

size_t figures_session_size(void)
{
	return sizeof(struct figures_session);
}

void figures_count_connection(int change)
{
	figures.connections += change;
}

void figures_count_request(void)
{
	figures.now.requests++;
}

void figures_count_message(size_t bytes)
{
	figures.now.messages++;
	figures.now.bytes += bytes;
}

static lws_usec_t cpu_time(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);

	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * LWS_US_PER_SEC + usage.ru_utime.tv_usec +
	       usage.ru_stime.tv_usec;
}

static long resident_bytes(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (!file)
		return 0;
	if (fscanf(file, "%*s %ld", &pages) != 1)
		pages = 0;
	fclose(file);

	return pages * sysconf(_SC_PAGESIZE);
}

static double wall_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);

	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void take_sample(struct sample *sample)
{
	struct counters *now = &figures.now, *before = &figures.before;
	double seconds;

	now->time = lws_now_usecs();
	now->cpu = cpu_time();
	seconds = (double)(now->time - before->time) / LWS_US_PER_SEC;
	if (seconds <= 0)
		seconds = (double)INTERVAL / LWS_US_PER_SEC;

	sample->time = wall_clock();
	sample->connections = figures.connections;
	sample->requests = (double)(now->requests - before->requests) / seconds;
	sample->messages = (double)(now->messages - before->messages) / seconds;
	sample->bytes = (double)(now->bytes - before->bytes) / seconds;
	sample->cpu = (double)(now->cpu - before->cpu) / LWS_US_PER_SEC / seconds * 100;
	sample->rss = resident_bytes();
	*before = *now;
}

static void on_timer(lws_sorted_usec_list_t *timer)
{
	lws_sul_schedule(figures.context, 0, timer, on_timer, INTERVAL);
	take_sample(&figures.samples[figures.taken++ % KEPT]);
	lws_callback_on_writable_all_protocol(figures.context, figures.protocol);
}

static int figures_init(struct lws *wsi)
{
	figures.context = lws_get_context(wsi);
	figures.protocol = lws_get_protocol(wsi);
	figures.start = time(NULL);
	figures.before.time = lws_now_usecs();
	figures.before.cpu = cpu_time();
	lws_sul_schedule(figures.context, 0, &figures.timer, on_timer, INTERVAL);

	return 0;
}

static int join(struct lws *wsi, struct figures_session *session)
{
	session->next = figures.taken > KEPT ? figures.taken - KEPT : 0;
	lws_callback_on_writable(wsi);

	return 0;
}

static int send_next(struct lws *wsi, struct figures_session *session)
{
	unsigned char buffer[LWS_PRE + 512], *text = buffer + LWS_PRE;
	const struct sample *sample;
	int len;

	if (session->next == figures.taken)
		return 0;
	/* a page that does not keep up misses samples */
	if (figures.taken - session->next > KEPT)
		session->next = figures.taken - KEPT;
	sample = &figures.samples[session->next++ % KEPT];
	len = lws_snprintf((char *)text, sizeof(buffer) - LWS_PRE,
			   "{\"time\":%.3f,\"connections\":%d,\"requests\":%.1f,\"messages\":%.1f,\"bytes\":%.1f,"
			   "\"cpu\":%.1f,\"rss\":%ld}",
			   sample->time, sample->connections, sample->requests, sample->messages, sample->bytes,
			   sample->cpu, sample->rss);
	if (lws_write(wsi, text, (size_t)len, LWS_WRITE_TEXT) < len)
		return -1;
	if (session->next != figures.taken)
		lws_callback_on_writable(wsi);

	return 0;
}

int figures_totals(char *out, size_t size)
{
	return lws_snprintf(out, size,
			    "{\"library\":\"%s\",\"uptime\":%lld,\"connections\":%d,\"requests\":%llu,"
			    "\"messages\":%llu,\"bytes\":%llu,\"cpu_seconds\":%.2f,\"rss\":%ld",
			    lws_get_library_version(), (long long)(time(NULL) - figures.start), figures.connections,
			    (unsigned long long)figures.now.requests, (unsigned long long)figures.now.messages,
			    (unsigned long long)figures.now.bytes, (double)cpu_time() / LWS_US_PER_SEC,
			    resident_bytes());
}

int figures_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)in;
	(void)len;

	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		return figures_init(wsi);
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		lws_sul_cancel(&figures.timer);
		return 0;
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return !origin_is_ours(wsi);
	case LWS_CALLBACK_ESTABLISHED:
		return join(wsi, user);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return send_next(wsi, user);
	default:
		return 0;
	}
}
