/*
 * What macros of the public headers expand to, where it is more than a value. Functions that they call and that the library
 * does not have yet are here.
 */
#include "check.h"

#include <libwebsockets.h>

static lws_usec_t now;
static int tags_destroyed, errors, counted;

lws_usec_t lws_now_usecs(void)
{
	return now;
}

void _lws_log(int filter, const char *format, ...)
{
	(void)format;
	errors += filter == LLL_ERR;
}

void lws_metrics_tags_destroy(lws_dll2_owner_t *owner)
{
	(void)owner;
	tags_destroyed++;
}

void lws_metrics_hist_bump_priv_tagged(lws_metric_pub_t *mt, lws_dll2_owner_t *tow, lws_dll2_owner_t *tow2)
{
	CHECK(tow != NULL);
	CHECK_PTR(tow2, NULL);
	mt->u.hist.total_count++;
}

int lws_metrics_hist_bump_(lws_metric_pub_t *pub, const char *name)
{
	CHECK_STR(name, "name");
	counted++;
	pub->u.hist.total_count++;
	return 0;
}

struct lws_metric {
	lws_metric_pub_t pub;
};

struct holder {
	int before;
	lws_metrics_caliper_compose(caliper)
	int after;
};

static void calipers(void)
{
	struct lws_metric metric;
	struct holder holder;

	memset(&metric, 0, sizeof(metric));
	memset(&holder, 0, sizeof(holder));
	metric.pub.name = "test";

	lws_metrics_caliper_report(holder.caliper, METRES_GO);
	CHECK_INT(metric.pub.u.agg.count[METRES_GO], 0);

	now = 1000;
	lws_metrics_caliper_bind(holder.caliper, &metric);
	now = 1040;
	lws_metrics_caliper_report(holder.caliper, METRES_GO);
	CHECK_INT(metric.pub.u.agg.count[METRES_GO], 1);
	CHECK_INT(metric.pub.u.agg.sum[METRES_GO], 40);
	CHECK_INT(metric.pub.u.agg.min, 40);
	CHECK_INT(metric.pub.u.agg.max, 40);
	CHECK_INT(metric.pub.us_last, 1040);
	CHECK_PTR(holder.caliper.mt, NULL);

	lws_metrics_caliper_bind(holder.caliper, &metric);
	now += 7;
	lws_metrics_caliper_report(holder.caliper, METRES_NOGO);
	lws_metrics_caliper_bind(holder.caliper, &metric);
	now += 60;
	lws_metrics_caliper_report(holder.caliper, METRES_GO);
	CHECK_INT(metric.pub.u.agg.count[METRES_GO], 2);
	CHECK_INT(metric.pub.u.agg.sum[METRES_GO], 100);
	CHECK_INT(metric.pub.u.agg.count[METRES_NOGO], 1);
	CHECK_INT(metric.pub.u.agg.sum[METRES_NOGO], 7);
	CHECK_INT(metric.pub.u.agg.min, 7);
	CHECK_INT(metric.pub.u.agg.max, 60);

	lws_metrics_caliper_bind(holder.caliper, &metric);
	lws_metrics_caliper_cancel(holder.caliper);
	CHECK_PTR(holder.caliper.mt, NULL);
	CHECK_INT(metric.pub.u.agg.count[METRES_GO], 2);
	CHECK_INT(errors, 0);
	lws_metrics_caliper_bind(holder.caliper, &metric);
	lws_metrics_caliper_bind(holder.caliper, &metric);
	CHECK_INT(errors, 1);
	CHECK_INT(tags_destroyed, 5);
}

static void histograms(void)
{
	struct {
		lws_metric_bucket_t bucket;
		uint8_t length;
		char name[5];
	} bucket = {{NULL, 3}, 4, "name"};
	struct lws_metric metric;

	memset(&metric, 0, sizeof(metric));
	CHECK_INT(lws_metric_bucket_name_len(&bucket.bucket), 4);
	CHECK_STR(lws_metric_bucket_name(&bucket.bucket), "name");
	{
		lws_metrics_caliper_declare(caliper, &metric);

		lws_metrics_caliper_report_hist(caliper, NULL);
		CHECK_INT(metric.pub.u.hist.total_count, 1);
		lws_metrics_caliper_report_hist(caliper, NULL);
		CHECK_INT(metric.pub.u.hist.total_count, 1);
	}
	lws_metrics_hist_bump(&metric.pub, "name");
	lws_metrics_hist_bump_priv(&metric, "name");
	CHECK_INT(counted, 2);
}

struct child {
	char first;
	lws_dll2_t list;
	char text[20];
	const char *pointer;
	int number;
	uint64_t large;
	uint8_t truth;
	void *blob;
};

struct parent {
	int before;
	lws_dll2_owner_t children;
	struct child *one;
	lws_dll2_t list;
};

static const lws_struct_map_t child_map[] = {
	LSM_CARRAY(struct child, text, "text"),
	LSM_STRING_PTR(struct child, pointer, "pointer"),
	LSM_SIGNED(struct child, number, "number"),
	LSM_UNSIGNED(struct child, large, "large"),
	LSM_BOOLEAN(struct child, truth, "truth"),
	LSM_BLOB_PTR(struct child, blob, "blob"),
};
static const lws_struct_map_t parent_map[] = {
	LSM_LIST(struct parent, children, struct child, list, NULL, child_map, "children"),
	LSM_CHILD_PTR(struct parent, one, struct child, NULL, child_map, "one"),
};
static const lws_struct_map_t schemas[] = {
	LSM_SCHEMA(struct parent, NULL, parent_map, "schema"),
	LSM_SCHEMA_DLL2(struct parent, list, NULL, parent_map, "table"),
};

static void check_entry(const lws_struct_map_t *entry, const char *name, lws_struct_map_type_eum type, size_t offset, size_t size)
{
	CHECK_STR(entry->colname, name);
	CHECK_INT(entry->type, type);
	CHECK_INT(entry->ofs, offset);
	CHECK_INT(entry->aux, size);
}

static void maps(void)
{
	check_entry(&child_map[0], "text", LSMT_STRING_CHAR_ARRAY, offsetof(struct child, text), 20);
	check_entry(&child_map[1], "pointer", LSMT_STRING_PTR, offsetof(struct child, pointer), sizeof(char *));
	check_entry(&child_map[2], "number", LSMT_SIGNED, offsetof(struct child, number), sizeof(int));
	check_entry(&child_map[3], "large", LSMT_UNSIGNED, offsetof(struct child, large), 8);
	check_entry(&child_map[4], "truth", LSMT_BOOLEAN, offsetof(struct child, truth), 1);
	check_entry(&child_map[5], "blob", LSMT_BLOB_PTR, offsetof(struct child, blob), sizeof(void *));
	check_entry(&parent_map[0], "children", LSMT_LIST, offsetof(struct parent, children), sizeof(struct child));
	CHECK_INT(parent_map[0].ofs_clist, offsetof(struct child, list));
	CHECK_PTR(parent_map[0].child_map, child_map);
	CHECK_INT(parent_map[0].child_map_size, LWS_ARRAY_SIZE(child_map));
	check_entry(&parent_map[1], "one", LSMT_CHILD_PTR, offsetof(struct parent, one), sizeof(struct child));
	CHECK_INT(parent_map[1].child_map_size, 6);
	check_entry(&schemas[0], "schema", LSMT_SCHEMA, 0, sizeof(struct parent));
	CHECK_INT(schemas[0].child_map_size, 2);
	check_entry(&schemas[1], "table", LSMT_SCHEMA, offsetof(struct parent, list), sizeof(struct parent));
}

TEST_MAIN({"calipers", calipers}, {"histograms", histograms}, {"maps", maps})
