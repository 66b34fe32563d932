/*
 * The program over a poll loop of its own: descriptors come and go by callbacks, and those that have events go to
 * lws_service_fd(). Then what else belongs to that.
 */
#include "check.h"
#include "client.h"
#include "loop_program.h"
#include "server.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST = 16 };

/* The list of a program has descriptors of its own as well. */
static struct pollfd list[MOST];
static int count, locked, adds, deletes, stopped, own_events;
static struct lws_context *polled;

static void note(enum lws_callback_reasons reason, const struct lws_pollargs *arguments)
{
	int i;

	switch (reason) {
	case LWS_CALLBACK_LOCK_POLL:
		CHECK_INT(locked++, 0);
		break;
	case LWS_CALLBACK_UNLOCK_POLL:
		CHECK_INT(locked--, 1);
		break;
	case LWS_CALLBACK_ADD_POLL_FD:
		CHECK_INT(locked, 1);
		CHECK_INT(arguments->events, LWS_POLLIN);
		REQUIRE(count < MOST);
		list[count++] = (struct pollfd){ .fd = arguments->fd, .events = (short)arguments->events };
		adds++;
		break;
	case LWS_CALLBACK_DEL_POLL_FD:
		CHECK_INT(locked, 1);
		for (i = 0; i < count && list[i].fd != arguments->fd; i++)
			;
		REQUIRE(i < count);
		list[i] = list[--count];
		deletes++;
		break;
	case LWS_CALLBACK_CHANGE_MODE_POLL_FD:
		FAIL("a mode changed");
		break;
	default:
		break;
	}
}

void loop_program_callback(struct lws *wsi, enum lws_callback_reasons reason, void *in)
{
	if (reason == LWS_CALLBACK_ADD_POLL_FD)
		polled = lws_get_context(wsi);
	note(reason, in);
}

static void *create(void)
{
	int pipes[2];

	REQUIRE(!pipe(pipes));
	list[count++] = (struct pollfd){ .fd = pipes[0], .events = POLLIN };
	return (void *)(intptr_t)pipes[1];
}

static void destroy(void *loop)
{
	CHECK_INT(count, 1);
	CHECK_INT(adds, deletes);
	close(list[0].fd);
	close((int)(intptr_t)loop);
	count = 0;
}

static void run(void *loop, void (*tick)(void *loop))
{
	struct lws_context **context = loop_program_context();
	double next = test_now();
	int n, i;
	char byte;

	stopped = 0;
	while (!stopped) {
		n = poll(list, (nfds_t)count, *context ? lws_service_adjust_timeout(*context, 2, 0) : 2);
		if (test_now() >= next) {
			next = test_now() + 0.002;
			REQUIRE_INT(write((int)(intptr_t)loop, "x", 1), 1);
		}
		for (i = 0; n > 0 && i < count; i++) {
			if (!list[i].revents)
				continue;
			if (*context && lws_service_fd(*context, &list[i]) < 0)
				break; /* it has ended, and the list has changed */
			if (!list[i].revents)
				continue;
			CHECK_INT(i, 0);
			own_events++;
			REQUIRE_INT(read(list[i].fd, &byte, 1), 1);
			list[i].revents = 0;
			tick(loop);
		}
	}
}

static void stop(void *loop)
{
	(void)loop;
	stopped = 1;
}

static struct loop_ops ops = {
	.name = "poll",
	.create = create,
	.destroy = destroy,
	.run = run,
	.stop = stop,
	.no_foreign_loops = 1,
};

const struct loop_ops *loop_ops = &ops;

/* Told while the context is created */
static void announced_at_once(void)
{
	ops.option = LWS_SERVER_OPTION_EXTERNAL_POLL;
	loop_second_context_on_the_same_loop();
	CHECK_INT(adds, 3);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	if (reason >= LWS_CALLBACK_ADD_POLL_FD && reason <= LWS_CALLBACK_UNLOCK_POLL) {
		CHECK_PTR(user, NULL);
		CHECK_STR(lws_get_protocol(wsi)->name, "first");
		note(reason, in);
	}
	return lws_callback_http_dummy(wsi, reason, user, in, length);
}

static const struct lws_protocols protocols[] = {
	{ .name = "first", .callback = on_event },
	{ .name = "second", .callback = on_event },
	{ .name = NULL },
};

/* A program that does not poll hears nothing. */
static void not_asked_for(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;

	server_info(&info, protocols);
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	for (int i = 0; i < 5; i++)
		CHECK_INT(lws_service(context, -1), 0);
	lws_context_destroy(context);
	CHECK_INT(adds + deletes, 0);
}

static void vhosts_come_and_go(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;
	struct lws_vhost *first, *second;

	server_info(&info, protocols);
	info.options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_EXTERNAL_POLL;
	info.count_threads = 2;
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	CHECK_INT(adds, 0);
	first = lws_create_vhost(context, &info);
	CHECK_INT(adds, 2);
	info.vhost_name = "second";
	second = lws_create_vhost(context, &info);
	REQUIRE(first && second);
	CHECK_INT(adds, 2);
	CHECK_INT(deletes, 0);
	lws_vhost_destroy(first);
	CHECK_INT(adds, 4);
	CHECK_INT(deletes, 2);
	CHECK_INT(count, 2);
	lws_vhost_destroy(second);
	CHECK_INT(count, 0);
	info.vhost_name = "third";
	REQUIRE(lws_create_vhost(context, &info) != NULL);
	CHECK_INT(count, 2);
	lws_context_destroy(context);
	CHECK_INT(count, 0);
	CHECK_INT(adds, deletes);
}

static void refusals(void)
{
	struct pollfd stranger = { .fd = STDERR_FILENO, .events = POLLOUT, .revents = POLLOUT };
	struct lws_context_creation_info info;
	struct lws_context *context;

	lws_set_log_level(0, NULL);
	CHECK(lws_service_fd(NULL, &stranger) < 0);
	server_info(&info, protocols);
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	CHECK_INT(lws_service_fd(context, &stranger), 0);
	CHECK_INT(stranger.revents, POLLOUT);
	CHECK_INT(count, 1);
	CHECK_INT(lws_service_fd(context, NULL), 0);
	CHECK_INT(lws_service_fd_tsi(context, NULL, 0), 0);
	CHECK(lws_service_fd_tsi(context, NULL, 1) < 0);
	CHECK(lws_service_fd_tsi(context, &stranger, -1) < 0);
	lws_context_destroy(context);
	CHECK_INT(count, 0);
	CHECK(lws_service_fd(context, &stranger) < 0);
}

static struct lws *connection;
static int writable, end;

static int on_writable(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	unsigned char text[LWS_PRE + 4];

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		connection = wsi;
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		writable++;
		memcpy(text + LWS_PRE, "text", 4);
		return end || lws_write(wsi, text + LWS_PRE, 4, LWS_WRITE_TEXT) < 4 ? -1 : 0;
	case LWS_CALLBACK_CLOSED:
		connection = NULL;
		break;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, length);
	}
	return 0;
}

/* The callback comes before the function returns, and what it writes is sent. */
static void writable_at_once(void)
{
	static const struct lws_protocols one[] = { { .name = "one", .callback = on_writable }, { .name = NULL } };
	struct lws_context_creation_info info;
	struct client_frame frame;
	struct server server;
	struct client client;

	server_info(&info, one);
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "one");
	WAIT_FOR(connection != NULL);
	server_stop(&server);
	CHECK_INT(lws_handle_POLLOUT_event(connection, NULL), 0);
	CHECK_INT(writable, 0);
	for (int i = 1; i <= 3; i++) {
		CHECK_INT(lws_callback_on_writable(connection), 1);
		CHECK_INT(lws_handle_POLLOUT_event(connection, NULL), 0);
		CHECK_INT(writable, i);
		client_ws_message(&client, &frame);
		CHECK_MEM(frame.payload, frame.length, "text", 4);
		client_frame_free(&frame);
	}
	end = 1;
	CHECK_INT(lws_callback_on_writable(connection), 1);
	CHECK(lws_handle_POLLOUT_event(connection, NULL) != 0);
	CHECK_INT(writable, 4);
	client_drain(&client);
	client_close(&client);
	lws_set_log_level(0, NULL);
	CHECK(lws_handle_POLLOUT_event(NULL, NULL) != 0);
	server_destroy(&server);
}

TEST_MAIN(
	LOOP_CASES
	{ "writable at once", writable_at_once },
	{ "announced at once", announced_at_once },
	{ "not asked for", not_asked_for },
	{ "vhosts come and go", vhosts_come_and_go },
	{ "refusals", refusals },
)
