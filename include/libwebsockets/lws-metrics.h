#ifndef GOLWS_LWS_METRICS_H
#define GOLWS_LWS_METRICS_H

/** \defgroup metrics Measurements
 *
 * A metric counts what happens under a name, e.g. "n.cn.dns". There are two kinds. An aggregation adds up numbers,
 * usually durations in microseconds, apart for what succeeded ("go") and what failed ("no-go"). A histogram counts
 * how often each of several names came; a name can be made of tags, name="value" pairs as in OpenMetrics, which
 * qualify what is counted.
 *
 * The policy of the context says when a metric is reported; lws_system_ops_t.metric_report is called for
 * it in the service thread. What a metric has counts from one report to the next.
 *
 * A caliper measures a time that begins in one place of a program and ends in another.
 *
 * Threads: as for everything that belongs to a context; objects in the program's memory, such as lists of tags, are
 * used by one thread at a time.
 */
///@{

/** A measured number. */
typedef uint64_t u_mt_t;

/** What a metric is, lws_metric_pub_t.flags. */
enum {
	LWSMTFL_REPORT_OUTLIERS			= (1 << 0),	/**< numbers far from the usual are reported by themselves */
	LWSMTFL_REPORT_OOB			= (1 << 1),	/**< everything is reported when it happens */
	LWSMTFL_REPORT_INACTIVITY_AT_PERIODIC	= (1 << 2),	/**< it is reported also if nothing happened */
	LWSMTFL_REPORT_MEAN			= (1 << 3),	/**< mean, smallest and largest number mean something; else
								 *   only the sum does */
	LWSMTFL_REPORT_ONLY_GO			= (1 << 4),	/**< nothing of it can fail */
	LWSMTFL_REPORT_DUTY_WALLCLOCK_US	= (1 << 5),	/**< the sum is a part of the time, microseconds */
	LWSMTFL_REPORT_HIST			= (1 << 6),	/**< a histogram; else an aggregation */
};

/** A tag in a list. Its value follows in memory, with a NUL. */
typedef struct lws_metrics_tag {
	lws_dll2_t	list;	/**< in the list of tags */

	const char	*name;	/**< its name, not copied */
} lws_metrics_tag_t;

/**
 * lws_metrics_tag_add() - set a tag in a list
 *
 * \param owner: the list
 * \param name: name of the tag; it is not copied and must stay, a constant is meant
 * \param val: its value, copied; one that the tag had is replaced
 *
 * Values should be few and come again, such as a method or a status code: each combination is counted apart.
 *
 * Returns 0, or 1 if there is no memory. lws_metrics_tags_destroy() frees the list.
 *
 * Not implemented yet.
 */
LWS_EXTERN LWS_VISIBLE int
lws_metrics_tag_add(lws_dll2_owner_t *owner, const char *name, const char *val);

#if defined(LWS_WITH_SYS_METRICS)
/**
 * lws_metrics_tag_wsi_add() - set a tag of a connection
 *
 * \param wsi: the connection
 * \param name: name of the tag, as for lws_metrics_tag_add()
 * \param val: its value, copied
 *
 * The value also becomes part of the name that logs have for the connection.
 *
 * Returns 0, or 1 if there is no memory.
 *
 * Not implemented yet.
 */
LWS_EXTERN LWS_VISIBLE int
lws_metrics_tag_wsi_add(struct lws *wsi, const char *name, const char *val);

#if defined(LWS_WITH_SECURE_STREAMS)
/**
 * lws_metrics_tag_ss_add() - set a tag of a secure stream
 *
 * \param ss: the secure stream
 * \param name: name of the tag, as for lws_metrics_tag_add()
 * \param val: its value, copied
 *
 * The value also becomes part of the name that logs have for the stream.
 *
 * Returns 0, or 1 if there is no memory.
 *
 * Not implemented yet.
 */
LWS_EXTERN LWS_VISIBLE int
lws_metrics_tag_ss_add(struct lws_ss_handle *ss, const char *name, const char *val);
#endif
#endif

/**
 * lws_metrics_tags_destroy() - free all tags of a list
 *
 * \param owner: the list, empty afterwards
 *
 * Not implemented yet.
 */
LWS_EXTERN LWS_VISIBLE void
lws_metrics_tags_destroy(lws_dll2_owner_t *owner);

/**
 * lws_metrics_tags_serialize() - the tags of a list as text
 *
 * \param owner: the list
 * \param buf: gets a="1",b="2" and a NUL
 * \param len: size of buf
 *
 * Returns the length without NUL; what does not fit is cut off.
 *
 * Not implemented yet.
 */
LWS_EXTERN LWS_VISIBLE size_t
lws_metrics_tags_serialize(lws_dll2_owner_t *owner, char *buf, size_t len);

/**
 * lws_metrics_tag_get() - value of a tag
 *
 * \param owner: the list
 * \param name: name of the tag
 *
 * Returns its value, valid until the tag changes or the list is freed; NULL if the list does not have it.
 *
 * Not implemented yet.
 */
LWS_EXTERN LWS_VISIBLE const char *
lws_metrics_tag_get(lws_dll2_owner_t *owner, const char *name);

/** What a histogram has counted under one name. Behind it in memory come the length of the name, a byte, and the name. */
typedef struct lws_metric_bucket {
	struct lws_metric_bucket	*next;	/**< the next name, or NULL */
	uint64_t			count;	/**< how often it came */
} lws_metric_bucket_t;

/** lws_metric_bucket_name_len() - length of the name of the lws_metric_bucket_t that _b points to, bytes */
#define lws_metric_bucket_name_len(_b) (((const uint8_t *)(_b))[sizeof(lws_metric_bucket_t)])
/** lws_metric_bucket_name() - name of the lws_metric_bucket_t that _b points to, with a NUL */
#define lws_metric_bucket_name(_b) ((const char *)(_b) + sizeof(lws_metric_bucket_t) + 1)

/** A metric, as programs see it. */
typedef struct lws_metric_pub {
	const char		*name;		/**< its name */
	void			*backend_opaque; /**< for whoever receives the reports */

	lws_usec_t		us_first;	/**< when it began to count what it has, microseconds of lws_now_usecs() */
	lws_usec_t		us_last;	/**< when something was counted last, 0: nothing since the last report */
	lws_usec_t		us_dumped;	/**< when it was reported last, 0: never */

	union {
		struct {
			u_mt_t		sum[2];		/**< sum of the numbers, by METRES_GO and METRES_NOGO */
			u_mt_t		min;		/**< the smallest number */
			u_mt_t		max;		/**< the largest number */

			uint32_t	count[2];	/**< how many numbers, by METRES_GO and METRES_NOGO */
		} agg;					/**< of an aggregation */

		struct {
			lws_metric_bucket_t	*head;		/**< the names */

			uint64_t		total_count;	/**< sum of all counts */
			uint32_t		list_size;	/**< how many names */
		} hist;					/**< of a histogram */
	} u;					/**< what was counted since the last report */

	uint8_t			flags;		/**< LWSMTFL_..., or-ed */
} lws_metric_pub_t;

/**
 * lws_metrics_hist_bump_priv_tagged() - count in a histogram, under a name made of tags
 *
 * \param mt: the histogram
 * \param tow: a list of tags
 * \param tow2: another one, or NULL
 *
 * The name is name{a="1",b="2"}, with the name of the metric before the brace.
 *
 * Not implemented yet.
 */
LWS_EXTERN LWS_VISIBLE void
lws_metrics_hist_bump_priv_tagged(lws_metric_pub_t *mt, lws_dll2_owner_t *tow,
				  lws_dll2_owner_t *tow2);

/** A metric, as the library has it. It starts with its lws_metric_pub_t. */
struct lws_metric;

/** Measures a time. */
typedef struct lws_metric_caliper {
	struct lws_dll2_owner	mtags_owner;	/**< tags that qualify what is measured */
	struct lws_metric	*mt;		/**< the metric that gets it, NULL: nothing is being measured */
	lws_usec_t		us_start;	/**< when it began */
} lws_metric_caliper_t;

#if defined(LWS_WITH_SYS_METRICS)
/** lws_metrics_caliper_compose() - declare a caliper as a member of a struct; no ';' follows. Zero it before use. */
#define lws_metrics_caliper_compose(_name) \
	lws_metric_caliper_t _name;

/**
 * lws_metrics_caliper_bind() - begin to measure
 *
 * \param _name: the caliper
 * \param _mt: the struct lws_metric that gets the time
 *
 * A caliper that measures already is started again, and that is logged: something did not report.
 */
#define lws_metrics_caliper_bind(_name, _mt) \
	do { \
		if ((_name).mt) \
			lwsl_err("caliper of %s started twice\n", ((lws_metric_pub_t *)(_name).mt)->name); \
		(_name).mt = (_mt); \
		(_name).us_start = lws_now_usecs(); \
	} while (0)

/** lws_metrics_caliper_declare() - declare a caliper as a local variable that measures already, parameters as above */
#define lws_metrics_caliper_declare(_name, _mt) \
	lws_metric_caliper_t _name = {{NULL, NULL, 0}, (_mt), lws_now_usecs()}

/**
 * lws_metrics_caliper_report() - end measuring, and count the time in an aggregation
 *
 * \param _name: the caliper; nothing is counted if it does not measure
 * \param _go_nogo: METRES_GO or METRES_NOGO
 */
#define lws_metrics_caliper_report(_name, _go_nogo) \
	do { \
		if ((_name).mt) { \
			lws_metric_pub_t *caliper_pub = (lws_metric_pub_t *)(_name).mt; \
			u_mt_t caliper_us = (u_mt_t)(lws_now_usecs() - (_name).us_start); \
			int caliper_first = !caliper_pub->u.agg.count[METRES_GO] && \
					    !caliper_pub->u.agg.count[METRES_NOGO]; \
			caliper_pub->u.agg.sum[!!(_go_nogo)] += caliper_us; \
			caliper_pub->u.agg.count[!!(_go_nogo)]++; \
			if (caliper_first || caliper_us < caliper_pub->u.agg.min) \
				caliper_pub->u.agg.min = caliper_us; \
			if (caliper_us > caliper_pub->u.agg.max) \
				caliper_pub->u.agg.max = caliper_us; \
			caliper_pub->us_last = lws_now_usecs(); \
		} \
		lws_metrics_caliper_done(_name); \
	} while (0)

/**
 * lws_metrics_caliper_report_hist() - end measuring, and count the caliper's tags in a histogram
 *
 * \param _name: the caliper; nothing is counted if it does not measure
 * \param pwsi: not used: tags of a connection that shall count are put into the caliper
 */
#define lws_metrics_caliper_report_hist(_name, pwsi) \
	do { \
		(void)(pwsi); \
		if ((_name).mt) \
			lws_metrics_hist_bump_priv_tagged((lws_metric_pub_t *)(_name).mt, &(_name).mtags_owner, NULL); \
		lws_metrics_caliper_done(_name); \
	} while (0)

/** lws_metrics_caliper_cancel() - end measuring the caliper _name, and count nothing */
#define lws_metrics_caliper_cancel(_name) lws_metrics_caliper_done(_name)

/** lws_metrics_hist_bump() - lws_metrics_hist_bump_(), absent where there are no metrics */
#define lws_metrics_hist_bump(_mt, _name) \
	lws_metrics_hist_bump_(_mt, _name)

/** lws_metrics_hist_bump_priv() - lws_metrics_hist_bump_() for a struct lws_metric */
#define lws_metrics_hist_bump_priv(_mt, _name) \
	lws_metrics_hist_bump_((lws_metric_pub_t *)(_mt), _name)

/** lws_metrics_caliper_done() - the caliper _name measures nothing and has no tags */
#define lws_metrics_caliper_done(_name) \
	do { \
		(_name).us_start = 0; \
		(_name).mt = NULL; \
		lws_metrics_tags_destroy(&(_name).mtags_owner); \
	} while (0)
#endif

/**
 * lws_metrics_format() - a metric as text, for logs
 *
 * \param pub: the metric
 * \param sub: points to NULL at first; keeps the place in a histogram
 * \param buf: gets the text and a NUL: for an aggregation all of it, for a histogram one name
 * \param len: size of buf
 *
 * Returns the length of the text; 0 if there is nothing, or nothing more. So a histogram is formatted by calling it
 * until it returns 0.
 *
 * Not implemented yet.
 */
LWS_EXTERN LWS_VISIBLE int
lws_metrics_format(lws_metric_pub_t *pub, lws_metric_bucket_t **sub,
		   char *buf, size_t len);

/**
 * lws_metrics_hist_bump_() - count a name in a histogram
 *
 * \param pub: the histogram
 * \param name: the name
 *
 * Programs use lws_metrics_hist_bump(). Returns 0, or 1 if there is no memory.
 *
 * Not implemented yet.
 */
LWS_EXTERN LWS_VISIBLE int
lws_metrics_hist_bump_(lws_metric_pub_t *pub, const char *name);

/**
 * lws_metrics_foreach() - call a function for each metric of a context
 *
 * \param ctx: the context
 * \param user: passed to the function
 * \param cb: the function; nonzero ends it
 *
 * Returns 0, or the result of the function that ended it.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_metrics_foreach(struct lws_context *ctx, void *user,
		    int (*cb)(lws_metric_pub_t *pub, void *user));

/**
 * lws_metrics_hist_bump_describe_wsi() - count a name in a histogram, qualified by what a connection is
 *
 * \param wsi: the connection: its vhost, its peer and so on become part of the name
 * \param pub: the histogram
 * \param name: the name
 *
 * Returns 0, or nonzero if there is no memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_metrics_hist_bump_describe_wsi(struct lws *wsi, lws_metric_pub_t *pub,
				   const char *name);

/** Kinds of what is reported. */
enum {
	LMT_NORMAL = 0,	/**< what succeeded, as usual */
	LMT_OUTLIER,	/**< what succeeded, far from the usual */

	LMT_FAIL,	/**< what failed */

	LMT_COUNT,	/**< how many kinds there are */
};

/** Why a metric is reported. */
typedef enum lws_metric_rpt {
	LMR_PERIODIC = 0,	/**< its time has come */
	LMR_OUTLIER,		/**< its last number was far from the usual */
} lws_metric_rpt_kind_t;

/** What is measured succeeded. */
#define METRES_GO	0
/** What is measured failed. */
#define METRES_NOGO	1
///@}

#endif
