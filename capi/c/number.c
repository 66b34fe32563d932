#include <libwebsockets.h>

const lws_humanize_unit_t humanize_schema_si[7] = {
	{ "Pi", LWS_PI }, { "Ti", LWS_TI }, { "Gi", LWS_GI }, { "Mi", LWS_MI }, { "Ki", LWS_KI }, { "", 1 }, { NULL, 0 }
};

const lws_humanize_unit_t humanize_schema_si_bytes[7] = {
	{ "PiB", LWS_PI }, { "TiB", LWS_TI }, { "GiB", LWS_GI }, { "MiB", LWS_MI }, { "KiB", LWS_KI }, { "B", 1 },
	{ NULL, 0 }
};

#define SECOND ((uint64_t)LWS_US_PER_SEC)

const lws_humanize_unit_t humanize_schema_us[8] = {
	{ "y", 365 * 24 * 3600 * SECOND }, { "d", 24 * 3600 * SECOND }, { "hr", 3600 * SECOND }, { "min", 60 * SECOND },
	{ "s", SECOND }, { "ms", LWS_US_PER_MS }, { "\u03bcs", 1 }, { NULL, 0 }
};

/* 1000 * rest / whole for rest < whole, where the product may not fit and machines of 32 bits have no __int128. */
static unsigned int thousandths_of(uint64_t rest, uint64_t whole)
{
	unsigned int thousandths = 0;

	for (int digit = 0; digit < 3; digit++) {
		uint64_t sum = 0;

		thousandths *= 10;
		for (int i = 0; i < 10; i++) {
			if (rest >= whole - sum) {
				sum -= whole - rest;
				thousandths++;
			} else
				sum += rest;
		}
		rest = sum;
	}

	return thousandths;
}

int lws_humanize(char *buf, size_t len, uint64_t value, const lws_humanize_unit_t *schema)
{
	unsigned int thousandths;
	uint64_t whole, rest;
	int length;

	if (!len)
		return 0;

	while (schema->name && schema->factor > value && schema->factor != 1)
		schema++;

	if (!schema->name) {
		/* a table without a unit of 1 */
		length = lws_snprintf(buf, len, "unknown value");
	} else if (schema->factor == 1) {
		length = lws_snprintf(buf, len, "%llu%s", (unsigned long long)value, schema->name);
	} else {
		whole = value / schema->factor;
		rest = value % schema->factor;
		thousandths = thousandths_of(rest, schema->factor);
		length = lws_snprintf(buf, len, "%llu.%03u%s", (unsigned long long)whole, thousandths, schema->name);
	}

	return length < (int)len ? length : (int)len - 1;
}

static void store(uint8_t *b, uint64_t value, unsigned int size)
{
	while (size--) {
		b[size] = (uint8_t)value;
		value >>= 8;
	}
}

static uint64_t load(const uint8_t *b, unsigned int size)
{
	uint64_t value = 0;

	while (size--)
		value = value << 8 | *b++;

	return value;
}

void lws_ser_wu16be(uint8_t *b, uint16_t u)
{
	store(b, u, 2);
}

void lws_ser_wu32be(uint8_t *b, uint32_t u32)
{
	store(b, u32, 4);
}

void lws_ser_wu64be(uint8_t *b, uint64_t u64)
{
	store(b, u64, 8);
}

uint16_t lws_ser_ru16be(const uint8_t *b)
{
	return (uint16_t)load(b, 2);
}

uint32_t lws_ser_ru32be(const uint8_t *b)
{
	return (uint32_t)load(b, 4);
}

uint64_t lws_ser_ru64be(const uint8_t *b)
{
	return load(b, 8);
}

int lws_vbi_encode(uint64_t value, void *buf)
{
	uint8_t *b = buf;
	int count = 0;

	if (value > 0xfffffff)
		return -1;

	while (value > 0x7f) {
		b[count++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	b[count++] = (uint8_t)value;

	return count;
}

int lws_vbi_decode(const void *buf, uint64_t *value, size_t len)
{
	const uint8_t *b = buf;
	uint64_t sum = 0;
	unsigned int n;

	for (n = 0; n < len && n < 10; n++) {
		uint64_t bits = b[n] & 0x7f;

		/* the tenth byte has room for one bit more */
		if (n == 9 && bits > 1)
			return 0;
		sum |= bits << (7 * n);
		if (!(b[n] & 0x80)) {
			*value = sum;
			return (int)n + 1;
		}
	}

	return 0;
}
