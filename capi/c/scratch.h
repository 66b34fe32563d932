/* Memory of each thread for results that are texts, good until the thread asks again. */
#ifndef GOLWS_SCRATCH_H
#define GOLWS_SCRATCH_H

struct golws_scratch {
	unsigned char close_payload[126]; /* the payload of a control frame and a NUL */
	char tags[4][64];
	unsigned int next_tag;
};

/* Never NULL: without memory, all threads that have none share one. */
struct golws_scratch *golws_scratch(void);

#endif
