/* The program over sd-event. Its loop cannot be run again once it was told to exit, so it is run step by step. */
#include <systemd/sd-event.h>

#include "check.h"
#include "loop_program.h"

#include <time.h>

static int stopped;

struct running {
	sd_event *event;
	void (*tick)(void *loop);
};

static void *create(void)
{
	sd_event *event = NULL;

	REQUIRE(sd_event_new(&event) >= 0);
	return event;
}

static void destroy(void *loop)
{
	/* nothing is ready any more, and ours was the last reference */
	CHECK_INT(sd_event_run(loop, 0), 0);
	CHECK_PTR(sd_event_unref(loop), NULL);
}

static int on_tick(sd_event_source *source, uint64_t now, void *data)
{
	struct running *running = data;

	running->tick(running->event);
	sd_event_source_set_time(source, now + 2000);
	sd_event_source_set_enabled(source, SD_EVENT_ON);
	return 0;
}

static void run(void *loop, void (*tick)(void *loop))
{
	struct running running = { loop, tick };
	sd_event_source *timer = NULL;

	stopped = 0;
	REQUIRE(sd_event_add_time(loop, &timer, CLOCK_MONOTONIC, 0, 100, on_tick, &running) >= 0);
	sd_event_source_set_enabled(timer, SD_EVENT_ON);
	while (!stopped)
		REQUIRE(sd_event_run(loop, UINT64_MAX) >= 0);
	sd_event_source_set_enabled(timer, SD_EVENT_OFF);
	sd_event_source_unref(timer);
}

static void stop(void *loop)
{
	(void)loop;
	stopped = 1;
}

static const struct loop_ops ops = {
	.name = "sd-event",
	.option = LWS_SERVER_OPTION_SDEVENT,
	.create = create,
	.destroy = destroy,
	.run = run,
	.stop = stop,
	.can_be_ours = 1,
};

const struct loop_ops *loop_ops = &ops;

TEST_MAIN(LOOP_CASES)
