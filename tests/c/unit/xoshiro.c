/* The pseudo-random generator: the sequences are the published ones, and stay what programs have seen. */
#include "check.h"

#include <libwebsockets.h>

static void test_reference(void)
{
	/* what the authors' own code gives for this state */
	static const uint64_t expected[] = { 11520, 0, 1509978240, UINT64_C(1215971899390074240),
					     UINT64_C(1216172134540287360), UINT64_C(607988272756665600) };
	struct lws_xos xos = { { 1, 2, 3, 4 } };

	for (size_t i = 0; i < LWS_ARRAY_SIZE(expected); i++)
		CHECK(lws_xos(&xos) == expected[i]);
}

static void test_seeds(void)
{
	static const struct {
		uint64_t seed;
		uint64_t expected[3];
	} sequences[] = {
		{ 0, { UINT64_C(16053376993090331485), UINT64_C(13890894242769535694), UINT64_C(1011785886399427736) } },
		{ 1, { UINT64_C(7280431682470476346), UINT64_C(12359599427150570791), UINT64_C(9992569229512569622) } },
		{ UINT64_C(0x123456789abcdef0),
		  { UINT64_C(3859141926219179503), UINT64_C(13426311144467955449), UINT64_C(8457232122102872512) } },
	};

	for (size_t i = 0; i < LWS_ARRAY_SIZE(sequences); i++) {
		struct lws_xos xos;

		lws_xos_init(&xos, sequences[i].seed);
		for (size_t n = 0; n < 3; n++)
			CHECK(lws_xos(&xos) == sequences[i].expected[n]);
	}
}

static int hits(struct lws_xos *xos, int percent, int rounds)
{
	int n = 0;

	while (rounds--)
		n += lws_xos_percent(xos, percent);

	return n;
}

static void test_percent(void)
{
	struct lws_xos xos, copy;
	int third;

	lws_xos_init(&xos, 42);
	copy = xos;
	CHECK_INT(hits(&xos, 0, 1000), 0);
	CHECK_INT(hits(&xos, -1, 1000), 0);
	CHECK_INT(hits(&xos, 100, 1000), 1000);
	CHECK_INT(hits(&xos, 1000, 1000), 1000);
	third = hits(&xos, 33, 10000);
	CHECK(third > 3000 && third < 3600);

	/* one number for each answer, and nothing but the struct decides */
	for (int i = 0; i < 14000; i++)
		(void)!lws_xos(&copy);
	CHECK_MEM(&copy, sizeof(copy), &xos, sizeof(xos));
}

TEST_MAIN({ "reference", test_reference }, { "seeds", test_seeds }, { "percent", test_percent })
