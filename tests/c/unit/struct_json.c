/* Structs from JSON and to JSON */
#include "check.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>

struct wheel {
	int before;
	lws_dll2_t list;
	const char *name;
	uint8_t bolts;
};

struct engine {
	char name[8];
	long power;
};

struct door {
	lws_dll2_t list;
	lws_dll2_owner_t windows;
	short position;
};

struct window {
	lws_dll2_t list;
	signed char tint;
};

struct car {
	int before;
	lws_dll2_owner_t wheels;
	lws_dll2_owner_t doors;
	struct engine *engine;
	char plate[8];
	const char *owner;
	int64_t far;
	uint64_t large;
	uint32_t year;
	uint16_t seats;
	char sold;
	int electric;
	void *picture;
};

struct boat {
	unsigned int length;
};

static const lws_struct_map_t wheel_map[] = {
	LSM_STRING_PTR(struct wheel, name, "name"),
	LSM_UNSIGNED(struct wheel, bolts, "bolts"),
};
static const lws_struct_map_t engine_map[] = {
	LSM_CARRAY(struct engine, name, "name"),
	LSM_SIGNED(struct engine, power, "power"),
};
static const lws_struct_map_t window_map[] = {
	LSM_SIGNED(struct window, tint, "tint"),
};
static const lws_struct_map_t door_map[] = {
	LSM_SIGNED(struct door, position, "position"),
	LSM_LIST(struct door, windows, struct window, list, NULL, window_map, "windows"),
};
static const lws_struct_map_t car_map[] = {
	LSM_CARRAY(struct car, plate, "plate"),
	LSM_STRING_PTR(struct car, owner, "owner"),
	LSM_SIGNED(struct car, far, "far"),
	LSM_UNSIGNED(struct car, large, "large"),
	LSM_UNSIGNED(struct car, year, "year"),
	LSM_UNSIGNED(struct car, seats, "seats"),
	LSM_BOOLEAN(struct car, sold, "sold"),
	LSM_BOOLEAN(struct car, electric, "electric"),
	LSM_CHILD_PTR(struct car, engine, struct engine, NULL, engine_map, "engine"),
	LSM_LIST(struct car, wheels, struct wheel, list, NULL, wheel_map, "wheels"),
	LSM_LIST(struct car, doors, struct door, list, NULL, door_map, "doors"),
	LSM_BLOB_PTR(struct car, picture, "picture"),
};
static const lws_struct_map_t boat_map[] = {
	LSM_UNSIGNED(struct boat, length, "length"),
};
static const lws_struct_map_t schemas[] = {
	LSM_SCHEMA(struct car, NULL, car_map, "car"),
	LSM_SCHEMA(struct boat, NULL, boat_map, "boat"),
};

static void prepare(struct lejp_ctx *ctx, lws_struct_args_t *args)
{
	memset(args, 0, sizeof(*args));
	args->map_st[0] = schemas;
	args->map_entries_st[0] = LWS_ARRAY_SIZE(schemas);
	CHECK_INT(lws_struct_json_init_parse(ctx, NULL, args), 0);
}

/* What lejp_parse() returned, with the text in one piece */
static int parse(lws_struct_args_t *args, const char *text)
{
	struct lejp_ctx ctx;
	int result;

	prepare(&ctx, args);
	result = lejp_parse(&ctx, (const unsigned char *)text, (int)strlen(text));
	lejp_destruct(&ctx);
	CHECK_PTR(args->ac_chunks, NULL);
	return result;
}

/* A struct as JSON, through buffers of the given size */
static const char *write_sized(const lws_struct_map_t *schema, const void *object, int flags, size_t size)
{
	static char text[20000];
	lws_struct_json_serialize_result_t result;
	lws_struct_serialize_t *writer = lws_struct_json_serialize_create(schema, 1, flags, object);
	uint8_t *buffer = malloc(size);
	size_t used = 0, written;

	REQUIRE(writer != NULL);
	do {
		result = lws_struct_json_serialize(writer, buffer, size, &written);
		REQUIRE(result != LSJS_RESULT_ERROR);
		REQUIRE(written < size);
		REQUIRE(written == size - 1 || result == LSJS_RESULT_FINISH);
		CHECK_INT(buffer[written], 0);
		REQUIRE(used + written < sizeof(text));
		memcpy(text + used, buffer, written + 1);
		used += written;
	} while (result == LSJS_RESULT_CONTINUE);
	CHECK_INT(lws_struct_json_serialize(writer, buffer, size, &written), LSJS_RESULT_FINISH);
	CHECK_INT(written, 0);
	lws_struct_json_serialize_destroy(&writer);
	CHECK_PTR(writer, NULL);
	free(buffer);
	return text;
}

static const char *write_car(const void *object)
{
	return write_sized(&schemas[0], object, 0, 20000);
}

static const char full[] =
	"{\"schema\":\"car\",\"plate\":\"AB 1\",\"owner\":\"J\xc3\xbcrgen \\u0022J\\u0022\",\"far\":-9223372036854775808,"
	"\"large\":18446744073709551615,\"year\":1999,\"seats\":5,\"sold\":true,\"electric\":false,"
	"\"engine\":{\"name\":\"V8\",\"power\":-3},"
	"\"wheels\":[{\"name\":\"left\",\"bolts\":4},{\"name\":\"\",\"bolts\":255}],"
	"\"doors\":[{\"position\":-1,\"windows\":[{\"tint\":-128},{\"tint\":127}]},{\"position\":2}]}";

static void test_both_ways(void)
{
	lws_struct_args_t args;
	struct wheel *wheel;
	struct window *window;
	struct door *door;
	struct car *car;
	size_t size;

	CHECK_INT(parse(&args, full), 0);
	CHECK_INT(args.top_schema_index, 0);
	CHECK_INT(args.dest_len, sizeof(struct car));
	car = args.dest;
	REQUIRE(car != NULL);
	CHECK_STR(car->plate, "AB 1");
	CHECK_STR(car->owner, "J\xc3\xbcrgen \"J\"");
	CHECK(car->far == INT64_MIN);
	CHECK(car->large == UINT64_MAX);
	CHECK_INT(car->year, 1999);
	CHECK_INT(car->seats, 5);
	CHECK_INT(car->sold, 1);
	CHECK_INT(car->electric, 0);
	CHECK_INT(car->before, 0);
	REQUIRE(car->engine != NULL);
	CHECK_STR(car->engine->name, "V8");
	CHECK_INT(car->engine->power, -3);
	REQUIRE_INT(car->wheels.count, 2);
	wheel = lws_container_of(lws_dll2_get_head(&car->wheels), struct wheel, list);
	CHECK_STR(wheel->name, "left");
	CHECK_INT(wheel->bolts, 4);
	wheel = lws_container_of(lws_dll2_get_tail(&car->wheels), struct wheel, list);
	CHECK_STR(wheel->name, "");
	CHECK_INT(wheel->bolts, 255);
	REQUIRE_INT(car->doors.count, 2);
	door = lws_container_of(lws_dll2_get_head(&car->doors), struct door, list);
	CHECK_INT(door->position, -1);
	REQUIRE_INT(door->windows.count, 2);
	window = lws_container_of(lws_dll2_get_head(&door->windows), struct window, list);
	CHECK_INT(window->tint, -128);

	CHECK_STR(write_car(car), full);
	for (size = 2; size < 40; size++)
		CHECK_STR(write_sized(&schemas[0], car, 0, size), full);
	lwsac_free(&args.ac);
}

/* The same struct however the text is cut */
static void test_pieces(void)
{
	lws_struct_args_t args;
	struct lejp_ctx ctx;
	size_t n, length = strlen(full);
	int step;

	for (step = 1; step < 4; step++) {
		prepare(&ctx, &args);
		for (n = 0; n < length; n += (size_t)step)
			lejp_parse(&ctx, (const unsigned char *)full + n, (int)(n + (size_t)step > length ? length - n : (size_t)step));
		CHECK_STR(write_car(args.dest), full);
		lejp_destruct(&ctx);
		lwsac_free(&args.ac);
	}
}

static void test_pretty(void)
{
	lws_struct_args_t args;

	CHECK_INT(parse(&args, "{\"schema\":\"car\",\"engine\":{},\"wheels\":[{\"bolts\":1},{}]}"), 0);
	CHECK_STR(write_sized(&schemas[0], args.dest, LSSERJ_FLAG_PRETTY, 300),
		"{\n \"schema\": \"car\",\n \"plate\": \"\",\n \"far\": 0,\n \"large\": 0,\n \"year\": 0,\n \"seats\": 0,\n"
		" \"sold\": false,\n \"electric\": false,\n \"engine\": {\n   \"name\": \"\",\n   \"power\": 0\n },\n"
		" \"wheels\": [\n   {\n   \"bolts\": 1\n },\n {\n   \"bolts\": 0\n }\n ]\n}\n");
	CHECK(!strncmp(write_sized(&schemas[0], args.dest, LSSERJ_FLAG_OMIT_SCHEMA, 300), "{\"plate\":\"\",\"far\":0,", 20));
	lwsac_free(&args.ac);
}

/* A char array that is full has no NUL. */
static void test_full_array(void)
{
	struct engine engine = { "12345678", 1 };
	static const lws_struct_map_t schema[] = { LSM_SCHEMA(struct engine, NULL, engine_map, "engine") };

	CHECK_STR(write_sized(schema, &engine, 0, 100), "{\"schema\":\"engine\",\"name\":\"12345678\",\"power\":1}");
}

static void test_other_schemas(void)
{
	lws_struct_args_t args;
	struct boat *boat;

	lws_set_log_level(0, NULL);
	CHECK_INT(parse(&args, "{\"schema\":\"boat\",\"length\":12}"), 0);
	CHECK_INT(args.top_schema_index, 1);
	CHECK_INT(args.dest_len, sizeof(*boat));
	boat = args.dest;
	CHECK_INT(boat->length, 12);
	CHECK_STR(write_sized(&schemas[1], boat, 0, 100), "{\"schema\":\"boat\",\"length\":12}");
	lwsac_free(&args.ac);

	/* the first name tells the schema where there is none */
	CHECK_INT(parse(&args, "{\"length\":13}"), 0);
	CHECK_INT(args.top_schema_index, 1);
	boat = args.dest;
	CHECK_INT(boat->length, 13);
	lwsac_free(&args.ac);
	CHECK_INT(parse(&args, "{\"engine\":{\"power\":1},\"year\":2}"), 0);
	CHECK_INT(args.top_schema_index, 0);
	CHECK_INT(((struct car *)args.dest)->engine->power, 1);
	CHECK_INT(((struct car *)args.dest)->year, 2);
	lwsac_free(&args.ac);
	CHECK_INT(parse(&args, "{\"wheels\":[{\"bolts\":3}],\"year\":2}"), 0);
	CHECK_INT(((struct car *)args.dest)->wheels.count, 1);
	CHECK_INT(((struct car *)args.dest)->year, 2);
	lwsac_free(&args.ac);

	CHECK_INT(parse(&args, "{}"), 0);
	CHECK_PTR(args.dest, NULL);
	CHECK_INT(parse(&args, "{\"schema\":\"plane\"}"), LEJP_REJECT_CALLBACK);
	CHECK_INT(parse(&args, "{\"schema\":7}"), 0);
	CHECK_PTR(args.dest, NULL);
	CHECK_INT(parse(&args, "{\"nothing\":1}"), LEJP_REJECT_CALLBACK);
	CHECK_INT(parse(&args, "[]"), LEJP_REJECT_CALLBACK);
	CHECK_PTR(args.ac, NULL);
}

/* What no map knows is skipped, whatever is in it. */
static void test_unknown(void)
{
	lws_struct_args_t args;

	CHECK_INT(parse(&args,
		"{\"schema\":\"car\",\"x\":1,\"junk\":{\"year\":7,\"name\":\"a\",\"engine\":{\"power\":9},\"wheels\":[{}]},"
		"\"list\":[1,[2],{\"year\":3}],\"\":{\"seats\":3,\"engine\":{\"power\":7},\"wheels\":[{}]},\"picture\":[{\"year\":4}],\"\":{\"year\":5},"
		"\"engine\":{\"power\":2,\"more\":{\"power\":8},\"year\":6,\"name\":\"x\"},"
		"\"wheels\":[1,{\"bolts\":1,\"spokes\":[{\"bolts\":7},[{\"bolts\":7}]],\"\":{\"bolts\":8},\"name\":\"n\"},[{\"bolts\":9}],{\"bolts\":2}],"
		"\"year\":2000}"), 0);
	CHECK_STR(write_car(args.dest),
		"{\"schema\":\"car\",\"plate\":\"\",\"far\":0,\"large\":0,\"year\":2000,\"seats\":0,\"sold\":false,\"electric\":false,"
		"\"engine\":{\"name\":\"x\",\"power\":2},\"wheels\":[{\"name\":\"n\",\"bolts\":1},{\"bolts\":2}]}");
	lwsac_free(&args.ac);
}

static void test_values(void)
{
	static const struct {
		const char *member;
		int fits;
		const char *written;
	} cases[] = {
		{"\"year\":4294967295", 1, "\"year\":4294967295,"}, {"\"year\":4294967296", 0, NULL}, {"\"year\":-1", 0, NULL},
		{"\"year\":\"12\"", 1, "\"year\":12,"}, {"\"year\":\"12x\"", 0, NULL}, {"\"year\":\" 12\"", 0, NULL}, {"\"year\":\"-\"", 0, NULL},
		{"\"year\":true", 1, "\"year\":1,"}, {"\"year\":null", 1, "\"year\":0,"}, {"\"year\":1.5", 0, NULL}, {"\"year\":1e3", 0, NULL},
		{"\"year\":[1]", 0, NULL}, {"\"year\":{}", 0, NULL}, {"\"year\":\"1\\u00002\"", 0, NULL},
		{"\"far\":9223372036854775807", 1, "\"far\":9223372036854775807,"}, {"\"far\":9223372036854775808", 0, NULL},
		{"\"far\":-9223372036854775809", 0, NULL}, {"\"far\":5", 1, "\"far\":5,"}, {"\"large\":18446744073709551616", 0, NULL},
		{"\"large\":-18446744073709551615", 0, NULL}, {"\"seats\":65535", 1, "\"seats\":65535,"}, {"\"seats\":65536", 0, NULL},
		{"\"engine\":{\"power\":-7}", 1, "\"power\":-7}"}, {"\"doors\":[{\"position\":32767}]", 1, "\"position\":32767}"},
		{"\"doors\":[{\"position\":32768}]", 0, NULL}, {"\"doors\":[{\"position\":-32769}]", 0, NULL},
		{"\"doors\":[{\"windows\":[{\"tint\":128}]}]", 0, NULL}, {"\"doors\":[{\"windows\":[{\"tint\":-129}]}]", 0, NULL},
		{"\"wheels\":[{\"bolts\":256}]", 0, NULL}, {"\"sold\":1", 1, "\"sold\":true,"}, {"\"sold\":0", 1, "\"sold\":false,"},
		{"\"sold\":-0", 1, "\"sold\":false,"}, {"\"sold\":null", 1, "\"sold\":false,"}, {"\"sold\":\"true\"", 0, NULL},
		{"\"electric\":true", 1, "\"electric\":true"}, {"\"owner\":null", 1, "\"plate\":\"\",\"far\""}, {"\"owner\":12.5", 1, "\"owner\":\"12.5\","},
		{"\"owner\":\"\"", 1, "\"owner\":\"\","}, {"\"owner\":[]", 0, NULL}, {"\"owner\":{}", 0, NULL}, {"\"plate\":\"1234567\"", 1, "\"plate\":\"1234567\","},
		{"\"plate\":\"12345678\"", 1, "\"plate\":\"1234567\","}, {"\"plate\":\"123456\xc3\xbc\"", 1, "\"plate\":\"123456\","},
		{"\"plate\":\"12345\xc3\xbc\"", 1, "\"plate\":\"12345\xc3\xbc\","}, {"\"plate\":null", 1, "\"plate\":\"\","},
		{"\"engine\":null", 1, "\"electric\":false}"}, {"\"engine\":1", 0, NULL}, {"\"engine\":[]", 0, NULL}, {"\"engine\":\"x\"", 0, NULL},
		{"\"wheels\":null", 1, "\"electric\":false}"}, {"\"wheels\":{}", 0, NULL}, {"\"wheels\":1", 0, NULL}, {"\"wheels\":[]", 1, "\"electric\":false}"},
		{"\"owner\":\"\\u0001\\b\\f\\n\\r\\t\\\\/\\u007f\"", 1, "\"owner\":\"\\u0001\\u0008\\u000C\\n\\r\\t\\\\/\x7f\","},
	};
	lws_struct_args_t args;
	char text[200];
	size_t n;

	lws_set_log_level(0, NULL);
	for (n = 0; n < LWS_ARRAY_SIZE(cases); n++) {
		lws_snprintf(text, sizeof(text), "{\"schema\":\"car\",%s}", cases[n].member);
		if (!CHECK_INT(parse(&args, text), cases[n].fits ? 0 : LEJP_REJECT_CALLBACK))
			FAIL("that was %s", text);
		else if (cases[n].fits && !CHECK(strstr(write_car(args.dest), cases[n].written) != NULL))
			FAIL("that was %s, written as %s", text, write_car(args.dest));
		lwsac_free(&args.ac);
	}
}

static void test_long_strings(void)
{
	static const int lengths[] = {253, 254, 255, 508, 509, 3000};
	static char text[7000], value[3001], want[7000];
	lws_struct_args_t args;
	size_t n;

	for (n = 0; n < sizeof(value) - 1; n++)
		value[n] = (char)('a' + n % 23);
	for (n = 0; n < LWS_ARRAY_SIZE(lengths); n++) {
		struct car *car;

		lws_snprintf(text, sizeof(text), "{\"schema\":\"car\",\"owner\":\"%.*s\",\"plate\":\"%.*s\",\"x\":\"%.*s\",\"year\":1}",
			     lengths[n], value, lengths[n], value, 300, value);
		CHECK_INT(parse(&args, text), 0);
		car = args.dest;
		CHECK_MEM(car->owner, strlen(car->owner), value, (size_t)lengths[n]);
		CHECK_STR(car->plate, "abcdefg");
		CHECK_INT(car->year, 1);
		lws_snprintf(want, sizeof(want), "{\"schema\":\"car\",\"plate\":\"abcdefg\",\"owner\":\"%.*s\",", lengths[n], value);
		CHECK(!strncmp(write_sized(&schemas[0], car, 0, 100), want, strlen(want)));
		lwsac_free(&args.ac);
	}

	/* what was collected is freed where the text is wrong, or is not there to its end */
	lws_set_log_level(0, NULL);
	lws_snprintf(text, sizeof(text), "{\"schema\":\"car\",\"owner\":\"%.*s\n", 600, value);
	CHECK_INT(parse(&args, text), LEJP_REJECT_MP_ILLEGAL_CTRL);
	lwsac_free(&args.ac);
	lws_snprintf(text, sizeof(text), "{\"schema\":\"car\",\"owner\":\"%.*s", 600, value);
	CHECK_INT(parse(&args, text), LEJP_CONTINUE);
	lwsac_free(&args.ac);
	lws_snprintf(text, sizeof(text), "{\"schema\":\"car\",\"year\":\"%.*s\"}", 300, value);
	CHECK_INT(parse(&args, text), LEJP_REJECT_CALLBACK);
	lwsac_free(&args.ac);
	lws_snprintf(text, sizeof(text), "{\"schema\":\"%.*s\"}", 300, value);
	CHECK_INT(parse(&args, text), LEJP_REJECT_CALLBACK);
}

static char order[100];

static int completed(void *object, void *argument)
{
	const lws_struct_args_t *args = argument;

	strcat(order, object == args->dest ? "outermost" : "inner ");
	return !strcmp(order, "inner inner inner inner inner ");
}

static void test_callback(void)
{
	lws_struct_args_t args;
	struct lejp_ctx ctx;
	static const char text[] = "{\"schema\":\"car\",\"engine\":{},\"wheels\":[{},{}],\"doors\":[{}%s]}";
	char whole[100];

	lws_set_log_level(0, NULL);
	prepare(&ctx, &args);
	args.cb = completed;
	args.cb_arg = &args;
	lws_snprintf(whole, sizeof(whole), text, "");
	CHECK_INT(lejp_parse(&ctx, (unsigned char *)whole, (int)strlen(whole)), 0);
	CHECK_STR(order, "inner inner inner inner outermost");
	lwsac_free(&args.ac);

	/* it can end the parsing */
	order[0] = '\0';
	prepare(&ctx, &args);
	args.cb = completed;
	args.cb_arg = &args;
	lws_snprintf(whole, sizeof(whole), text, ",{}");
	CHECK_INT(lejp_parse(&ctx, (unsigned char *)whole, (int)strlen(whole)), LEJP_REJECT_CALLBACK);
	lwsac_free(&args.ac);
}

struct link {
	lws_dll2_t list;
	struct link *next;
	lws_dll2_owner_t links;
	int number;
};

static const lws_struct_map_t link_map[3];
static const lws_struct_map_t link_map[3] = {
	LSM_SIGNED(struct link, number, "number"),
	LSM_CHILD_PTR(struct link, next, struct link, NULL, link_map, "next"),
	LSM_LIST(struct link, links, struct link, list, NULL, link_map, "links"),
};
static const lws_struct_map_t link_schema[] = {
	LSM_SCHEMA(struct link, NULL, link_map, "link"),
};

/* Structs nested as deeply as there can be, and one deeper */
static void test_depth(void)
{
	static const char * const texts[] = {
		"{\"schema\":\"link\",\"number\":1,\"next\":{\"number\":2,\"next\":{\"number\":3,\"next\":{\"number\":4}}}}",
		"{\"schema\":\"link\",\"number\":1,\"links\":[{\"number\":2,\"links\":[{\"number\":3,\"links\":[{\"number\":4}]}]}]}",
		"{\"schema\":\"link\",\"number\":1,\"links\":[{\"number\":2,\"next\":{\"number\":3,\"links\":[{\"number\":4}]}}]}",
		"{\"schema\":\"link\",\"next\":{\"next\":{\"next\":{\"next\":{}}}}}",
		"{\"schema\":\"link\",\"links\":[{\"links\":[{\"links\":[{\"links\":[]}]}]}]}",
	};
	struct link chain[5];
	lws_struct_serialize_t *writer;
	lws_struct_args_t args;
	struct lejp_ctx ctx;
	uint8_t buffer[500];
	size_t n, written;

	lws_set_log_level(0, NULL);
	for (n = 0; n < LWS_ARRAY_SIZE(texts); n++) {
		memset(&args, 0, sizeof(args));
		args.map_st[0] = link_schema;
		args.map_entries_st[0] = 1;
		lws_struct_json_init_parse(&ctx, NULL, &args);
		CHECK_INT(lejp_parse(&ctx, (const unsigned char *)texts[n], (int)strlen(texts[n])), n < 3 ? 0 : LEJP_REJECT_CALLBACK);
		if (n < 3)
			CHECK_STR(write_sized(link_schema, args.dest, 0, 77), texts[n]);
		lwsac_free(&args.ac);
	}

	memset(chain, 0, sizeof(chain));
	for (n = 0; n < 4; n++)
		chain[n].next = &chain[n + 1];
	writer = lws_struct_json_serialize_create(link_schema, 1, 0, chain);
	CHECK_INT(lws_struct_json_serialize(writer, buffer, sizeof(buffer), &written), LSJS_RESULT_ERROR);
	lws_struct_json_serialize_destroy(&writer);
	lws_struct_json_serialize_destroy(&writer);

	/* a map that is no schema, a buffer without room */
	writer = lws_struct_json_serialize_create(link_map, 3, 0, chain);
	CHECK_INT(lws_struct_json_serialize(writer, buffer, sizeof(buffer), &written), LSJS_RESULT_ERROR);
	CHECK_INT(lws_struct_json_serialize(writer, buffer, 1, &written), LSJS_RESULT_ERROR);
	CHECK_INT(written, 0);
	lws_struct_json_serialize_destroy(&writer);
}

/* A callback of the program's for the elements of a list, which passes on what it does not want itself */
static int seen_bolts;

static signed char own_callback(struct lejp_ctx *ctx, char reason)
{
	if (reason == LEJPCB_VAL_NUM_INT && ctx->path_match == 2) {
		seen_bolts += atoi(ctx->buf);
		return 0;
	}
	return lws_struct_default_lejp_cb(ctx, reason);
}

static void test_own_callback(void)
{
	static const lws_struct_map_t map[] = {
		LSM_LIST(struct car, wheels, struct wheel, list, own_callback, wheel_map, "wheels"),
		LSM_UNSIGNED(struct car, year, "year"),
	};
	static const lws_struct_map_t schema[] = { LSM_SCHEMA(struct car, NULL, map, "car") };
	static const char text[] = "{\"schema\":\"car\",\"wheels\":[{\"name\":\"a\",\"bolts\":4},{\"bolts\":5}],\"year\":3}";
	lws_struct_args_t args;
	struct lejp_ctx ctx;

	memset(&args, 0, sizeof(args));
	args.map_st[0] = schema;
	args.map_entries_st[0] = 1;
	lws_struct_json_init_parse(&ctx, NULL, &args);
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)text, (int)strlen(text)), 0);
	CHECK_INT(seen_bolts, 9);
	CHECK_STR(write_sized(schema, args.dest, 0, 200),
		  "{\"schema\":\"car\",\"wheels\":[{\"name\":\"a\",\"bolts\":0},{\"bolts\":0}],\"year\":3}");
	lwsac_free(&args.ac);
}

static uint32_t seed;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)seed * limit) >> 32);
}

/* Texts with bytes changed: nothing is written where it must not be, and what is read can be written. */
static void test_random(void)
{
	char text[sizeof(full)];
	lws_struct_args_t args;
	int round, parsed = 0;

	lws_set_log_level(0, NULL);
	for (round = 0; round < 5000; round++) {
		static const char bytes[] = "{}[]:,\"0a\\";
		int changes = 1 + (int)random_below(3);

		seed = (uint32_t)round;
		memcpy(text, full, sizeof(full));
		while (changes--)
			text[random_below(sizeof(full) - 1)] = random_below(2) ? bytes[random_below(sizeof(bytes) - 1)] : (char)(1 + random_below(255));
		if (parse(&args, text) >= 0 && args.dest) {
			parsed++;
			if (!args.top_schema_index)
				write_car(args.dest);
		}
		lwsac_free(&args.ac);
	}
	CHECK(parsed > 50);
}

TEST_MAIN({"both_ways", test_both_ways}, {"pieces", test_pieces}, {"pretty", test_pretty}, {"full_array", test_full_array}, {"other_schemas", test_other_schemas},
	  {"unknown", test_unknown}, {"values", test_values}, {"long_strings", test_long_strings}, {"callback", test_callback},
	  {"depth", test_depth}, {"own_callback", test_own_callback}, {"random", test_random})
