/* Reads a golden suite in C11 on POSIX, without a library; SPEC.md beside suite.json says what everything means.
 *
 * cc -O2 reader.c -o reader -lm
 * reader SUITE          draws every random input again and checks the digest of every tensor
 * reader SUITE RESULTS  checks that results have the names, types and extents that the suite asks for
 *
 * Prints a line for each failure, then the counts. Exit code 0: something was checked and nothing failed; 1 otherwise; 2: usage.
 * Memory is given back when the program ends: a whole suite takes some ten megabytes. */
#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 64, LONGEST = 1024 };
typedef struct Json { char kind, *key, *text; struct Json *first, *next; } Json; /* kind: { [ " or 0 for other words */
typedef struct { const char *name; char kind[LONGEST]; const uint8_t *bytes; size_t size; } Tensor;
typedef struct { Json *metadata; Tensor *tensors; size_t count; } File;

static jmp_buf broken; /* where a fault in a file ends */
static char why[LONGEST];
static size_t cases, again, written, given, refused, failures;

static void die(const char *format, ...) {
  va_list values;
  va_start(values, format);
  vsnprintf(why, sizeof why, format, values);
  va_end(values);
  longjmp(broken, 1);
}

static void fails(const char *name, const char *format, ...) {
  va_list values;
  va_start(values, format);
  printf("%s", name);
  vprintf(format, values);
  puts("");
  va_end(values);
  failures++;
}

static void *room(size_t count, size_t size) {
  void *room = calloc(count + 1, size);
  if (!room) fputs("out of memory\n", stderr), exit(1);
  return room;
}

static char *join(const char *a, const char *b, const char *c) {
  char *all = room(strlen(a) + strlen(b) + strlen(c), 1);
  return strcat(strcat(strcpy(all, a), b), c);
}

static char *slurp(const char *path, size_t *size) { /* with a zero behind the end */
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) || ftell(file) < 0) die("%s: cannot be read", path);
  *size = (size_t)ftell(file);
  char *all = room(*size, 1);
  rewind(file);
  if (fread(all, 1, *size, file) != *size) die("%s: cannot be read", path);
  fclose(file);
  return all;
}

/* JSON, strictly */
static const char *at;

static int skip(const char *token) {
  at += strspn(at, " \t\r\n");
  int there = !strncmp(at, token, strlen(token));
  at += there ? strlen(token) : 0;
  return there;
}

static void must(const char *token) { if (!skip(token)) die("JSON: expected %s before '%.20s'", token, at); }

static char *string(void) {
  must("\"");
  char *text = room(strcspn(at, "\n"), 1), *end = text;
  for (; *at != '"'; at++) {
    const char *from = "\"\\/bfnrt", *to = "\"\\/\b\f\n\r\t", *escape;
    unsigned code;
    if ((uint8_t)*at < ' ') die("JSON: a string does not end");
    if (*at != '\\') { *end++ = *at; continue; }
    if (*++at && (escape = strchr(from, *at))) { *end++ = to[escape - from]; continue; }
    if (*at != 'u' || strspn(at + 1, "0123456789abcdefABCDEF") < 4 || sscanf(at + 1, "%4x", &code) != 1 || !code || code >> 11 == 27)
      die("JSON: an escape that this reader does not know");
    at += 4;
    if (code < 0x80) *end++ = (char)code;
    else if (code < 0x800) *end++ = (char)(0xC0 | code >> 6), *end++ = (char)(0x80 | (code & 63));
    else *end++ = (char)(0xE0 | code >> 12), *end++ = (char)(0x80 | (code >> 6 & 63)), *end++ = (char)(0x80 | (code & 63));
  }
  at++;
  return text;
}

static Json *find(const Json *object, const char *key) {
  for (Json *member = object->first; member; member = member->next) if (member->key && !strcmp(member->key, key)) return member;
  return NULL;
}

static Json *value(int depth) {
  Json *json = room(1, sizeof *json), **last = &json->first;
  if (depth > DEEPEST) die("JSON: nested too deep");
  at += strspn(at, " \t\r\n");
  json->kind = strchr("{[\"", *at) ? *at : 0;
  if (json->kind == '"') json->text = string();
  else if (json->kind) {
    const char *end = *at++ == '{' ? "}" : "]";
    for (int first = 1; !skip(end); first = 0) {
      if (!first) must(",");
      char *key = json->kind == '{' ? string() : NULL;
      if (key && find(json, key)) die("JSON: the key '%s' stands twice", key);
      if (key) must(":");
      *last = value(depth + 1);
      (*last)->key = key;
      last = &(*last)->next;
    }
  } else {
    size_t length = strspn(at, "+-.0123456789abcdefghijklmnopqrstuvwxyzE");
    char *rest;
    json->text = room(length, 1);
    memcpy(json->text, at, length);
    int number = length && (strtod(json->text, &rest), !*rest) && strchr("-0123456789", *at);
    if (!number && strcmp(json->text, "null") && strcmp(json->text, "true") && strcmp(json->text, "false"))
      die("JSON: expected a value before '%.20s'", at);
    at += length;
  }
  return json;
}

static Json *parsed(const char *text) {
  at = text;
  Json *json = value(0);
  at += strspn(at, " \t\r\n");
  if (*at || json->kind != '{') die("JSON: expected one object");
  return json;
}

static Json *get(const Json *object, const char *key, char kind) {
  Json *member = find(object, key);
  if (!member || member->kind != kind) die("the field '%s' is missing or of another kind", key);
  return member;
}

static const char *text(const Json *object, const char *key) { return get(object, key, '"')->text; }

static long long whole(const Json *json) {
  char *end;
  long long number = json->kind ? 0 : strtoll(json->text, &end, 10);
  if (json->kind || *end || !*json->text) die("expected a whole number");
  return number;
}

static Json *document(const char *path) { size_t size; return parsed(slurp(path, &size)); }

/* Safetensors */
static size_t width(const char *dtype) {
  const char *names[] = {"F64", "F32", "I32", "F16", "BF16", "BOOL"};
  size_t widths[] = {8, 4, 4, 2, 2, 1};
  for (int t = 0; t < 6; t++) if (!strcmp(dtype, names[t])) return widths[t];
  die("the type %s is not known", dtype);
  return 0;
}

static size_t extents(const Json *tensor, const char *dtype, char *kind) { /* their product; kind as messages show it */
  size_t count = 1, length = (size_t)snprintf(kind, LONGEST, "%s [", dtype);
  for (Json *extent = get(tensor, "shape", '[')->first; extent && length < LONGEST - 32; extent = extent->next) {
    long long n = whole(extent);
    if (n < 0 || n > INT32_MAX || count > (UINT64_MAX >> 8) / (uint64_t)(n + 1)) die("an extent out of range");
    count *= (size_t)n;
    length += (size_t)sprintf(kind + length, extent->next ? "%lld, " : "%lld", n);
  }
  if (length >= LONGEST - 32) die("a type or a list of extents that is too long");
  strcat(kind, "]");
  return count;
}

static File tensors(const char *path) {
  File file = {0};
  size_t size;
  const uint8_t *raw = (uint8_t *)slurp(path, &size);
  uint64_t length = 0;
  for (int byte = 7; byte >= 0 && size >= 8; byte--) length = length << 8 | raw[byte];
  if (size < 8 || length > size - 8) die("ends before its header does");
  char *header = room(length, 1);
  Json *entries = parsed(memcpy(header, raw + 8, length));
  for (Json *entry = entries->first; entry; entry = entry->next) file.count++;
  file.tensors = room(file.count, sizeof(Tensor));
  file.count = 0;
  for (Json *entry = entries->first; entry; entry = entry->next) {
    if (!strcmp(entry->key, "__metadata__")) { file.metadata = entry; continue; }
    Tensor *tensor = &file.tensors[file.count++];
    Json *offsets = get(entry, "data_offsets", '[')->first;
    if (!offsets || !offsets->next || offsets->next->next) die("%s has not two offsets", entry->key);
    long long begin = whole(offsets), end = whole(offsets->next);
    tensor->name = entry->key;
    tensor->size = width(text(entry, "dtype")) * extents(entry, text(entry, "dtype"), tensor->kind);
    if (begin < 0 || end < begin || (uint64_t)end > size - 8 - length || (size_t)(end - begin) != tensor->size)
      die("%s does not lie where its header says", entry->key);
    tensor->bytes = raw + 8 + length + begin;
  }
  return file;
}

static const Tensor *among(const File *file, const char *name) {
  for (size_t t = 0; t < file->count; t++) if (!strcmp(file->tensors[t].name, name)) return &file->tensors[t];
  return NULL;
}

/* SHA-256; its constants are the first 32 bits behind the point of roots of primes */
static uint32_t turned(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void block(uint32_t state[8], const uint8_t *bytes, const uint32_t k[64]) {
  uint32_t w[64], s[8];
  for (int t = 0; t < 16; t++, bytes += 4) w[t] = (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
  for (int t = 16; t < 64; t++)
    w[t] = w[t - 16] + (turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ w[t - 15] >> 3) + w[t - 7]
           + (turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ w[t - 2] >> 10);
  memcpy(s, state, sizeof s);
  for (int t = 0; t < 64; t++) {
    uint32_t one = s[7] + (turned(s[4], 6) ^ turned(s[4], 11) ^ turned(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[t] + w[t];
    uint32_t two = (turned(s[0], 2) ^ turned(s[0], 13) ^ turned(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += one;
    s[0] = one + two;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

static int digests(const uint8_t *bytes, size_t size, const char *expected) { /* whether the bytes have this digest */
  uint32_t state[8], k[64];
  uint8_t *padded = room(size + 72, 1);
  size_t blocks = (size + 72) / 64;
  char hex[65];
  for (int found = 0, n = 2; found < 64; n++) {
    int prime = 1;
    for (int d = 2; d * d <= n; d++) prime = prime && n % d;
    if (!prime) continue;
    if (found < 8) state[found] = (uint32_t)(fmod(sqrt(n), 1) * 4294967296.0);
    k[found++] = (uint32_t)(fmod(cbrt(n), 1) * 4294967296.0);
  }
  memcpy(padded, bytes, size);
  padded[size] = 0x80;
  for (int byte = 0; byte < 8; byte++) padded[64 * blocks - 1 - byte] = (uint8_t)((uint64_t)size * 8 >> 8 * byte);
  for (size_t b = 0; b < blocks; b++) block(state, padded + 64 * b, k);
  for (int i = 0; i < 8; i++) sprintf(hex + 8 * i, "%08x", state[i]);
  free(padded);
  return !strcmp(hex, expected);
}

/* Random inputs (section 4) */
static void words(uint32_t k0, uint32_t k1, uint32_t c[4]) { /* Philox4x32-10 */
  for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
    uint64_t a = (uint64_t)0xD2511F53u * c[0], b = (uint64_t)0xCD9E8D57u * c[2];
    c[0] = (uint32_t)(b >> 32) ^ c[1] ^ k0, c[1] = (uint32_t)b, c[2] = (uint32_t)(a >> 32) ^ c[3] ^ k1, c[3] = (uint32_t)a;
  }
}

static double number(const char *dist, uint64_t p, const uint32_t w[4]) { /* before shift and rounding; exact */
  double bell = -262144.0;
  for (int i = 0; i < 4; i++) bell += (w[i] & 0xFFFF) + (double)(w[i] >> 16);
  if (!strcmp(dist, "bell")) return bell;
  if (!strcmp(dist, "sparse")) return w[3] >> 29 ? 0 : bell;
  if (!strcmp(dist, "spike")) return w[3] >> 26 ? bell : 16 * bell;
  if (!strcmp(dist, "ties")) return ((w[0] >> 30) - 1.5) * 65536;
  if (!strcmp(dist, "anti")) return p % 2 ? 0 - fabs(bell) : fabs(bell);
  if (!strcmp(dist, "wide")) return ldexp(bell, (int)(w[2] >> 28) - 8);
  if (!strcmp(dist, "exact")) return ((double)(w[0] >> 29) - 4) * 65536;
  die("unknown distribution '%s'", dist);
  return 0;
}

static int exponent(double x, int least) { int e; frexp(x, &e); return x != 0 && e - 1 > least ? e - 1 : least; }

static int precision(const char *dtype, int *least) { /* bits of the significand, smallest exponent */
  *least = !strcmp(dtype, "F64") ? -1022 : !strcmp(dtype, "F16") ? -14 : -126;
  return !strcmp(dtype, "F64") ? 53 : !strcmp(dtype, "F32") ? 24 : !strcmp(dtype, "F16") ? 11 : 8;
}

static uint8_t *drawn(const Json *gen, uint64_t first, size_t count, const char *dtype, const char *of_case) {
  const Json *key = get(gen, "key", '[')->first;
  size_t size = width(dtype);
  uint8_t *bytes = room(count * size, 1);
  int least, lowest, bits = precision(of_case, &least), stored = precision(dtype, &lowest), shift = (int)whole(get(gen, "shift", 0));
  if (strcmp(text(gen, "alg"), "philox4x32-10") || !key || !key->text || !key->next || !key->next->text) die("unknown generator");
  uint32_t k0 = (uint32_t)strtoul(key->text, NULL, 16), k1 = (uint32_t)strtoul(key->next->text, NULL, 16);
  for (size_t p = 0; p < count; p++) {
    uint32_t w[4] = {(uint32_t)(first + p), (uint32_t)((first + p) >> 32), (uint32_t)strtoul(text(gen, "counter"), NULL, 16), 0};
    words(k0, k1, w);
    double x = ldexp(number(text(gen, "dist"), first + p, w), shift), ulp = ldexp(1, exponent(x, least) - bits + 1);
    x = nearbyint(x / ulp) * ulp; /* ties to even, as a C program rounds from the start */
    int e = exponent(x, lowest); /* the leading bit of a normal number adds 1 to the exponent in the bits */
    uint64_t pattern = ((uint64_t)(e - lowest) << (stored - 1)) + (uint64_t)ldexp(fabs(x), stored - 1 - e);
    pattern |= (uint64_t)(x < 0) << (8 * size - 1);
    for (size_t byte = 0; byte < size; byte++) bytes[p * size + byte] = (uint8_t)(pattern >> 8 * byte);
  }
  return bytes;
}

static void check_pieces(const char *name, const Json *said, const Json *pieces, const char *dtype, const char *of_case) {
  for (Json *piece = pieces->first; piece; piece = piece->next) {
    long long first = whole(get(piece, "first", 0)), count = whole(get(piece, "count", 0));
    if (first < 0 || count < 0 || count > INT32_MAX) die("a piece out of range");
    uint8_t *bytes = drawn(find(said, "gen"), (uint64_t)first, (size_t)count, dtype, of_case);
    if (!digests(bytes, (size_t)count * width(dtype), text(piece, "sha256")))
      fails(name, " %s: drawn again from element %lld on it has another digest", said->key, first);
    free(bytes);
  }
}

static void check_case(const char *name, const Json *one, const char *path) {
  const char *fields = " schema tcId name family result refuseCode flags bugClass comment guards dtype classes exact twin op mechanism inputs expect samples ";
  for (Json *field = one->first; field; field = field->next)
    if (!strstr(fields, join(" ", field->key, " "))) fails(name, ": has the unknown field '%s'", field->key);
  const Json *described[] = {get(one, "inputs", '{'), get(one, "expect", '{')};
  File file = tensors(path);
  for (size_t t = 0; t < file.count; t++)
    if (!find(described[0], file.tensors[t].name) && !find(described[1], file.tensors[t].name))
      fails(name, " %s: is in the file, but not in the case", file.tensors[t].name);
  for (int which = 0; which < 2; which++)
    for (Json *said = described[which]->first; said; said = said->next) {
      const char *dtype = text(said, "dtype");
      char kind[LONGEST];
      const Json *gen = find(said, "gen"), *pieces = find(said, "pieces");
      if (pieces && gen && gen->kind == '{') { /* a recipe stores nothing of it */
        again++;
        check_pieces(name, said, pieces, dtype, text(one, "dtype"));
        continue;
      }
      const char *digest = text(said, "sha256");
      size_t count = extents(said, dtype, kind);
      const Tensor *found = among(&file, said->key);
      if (!found || strcmp(found->kind, kind)) fails(name, " %s: is %s, must be %s", said->key, found ? found->kind : "missing", kind);
      else if (!digests(found->bytes, found->size, digest)) fails(name, " %s: its bytes have another digest", said->key);
      if (!gen || gen->kind != '{') { written++; continue; }
      again++;
      uint8_t *bytes = drawn(gen, 0, count, dtype, text(one, "dtype"));
      if (!digests(bytes, count * width(dtype), digest)) fails(name, " %s: drawn again it has another digest", said->key);
      free(bytes);
    }
}

static int gradient(const Json *inputs, const char *name) {
  return name[0] == 'd' && (find(inputs, name + 1) || (name[1] == '_' && find(inputs, name + 2)));
}

/* whether a kind is that of all of a result of a recipe, whose samples have another */
static int of_whole(const Json *one, const char *result, const char *dtype, const char *kind) {
  const Json *inputs = get(one, "inputs", '{');
  char must[LONGEST];
  if (!find(one, "samples")) return 0;
  Json *q = get(get(inputs, "q", '{'), "shape", '[')->first, *v = get(get(inputs, "v", '{'), "shape", '[')->first;
  if (strcmp(result, "lse") && strcmp(result, "out")) extents(get(inputs, result + 1, '{'), dtype, must);
  else {
    int length = snprintf(must, LONGEST, "%s [%s, %s, %s", dtype, q->text, q->next->text, q->next->next->text);
    snprintf(must + length, LONGEST - (size_t)length, strcmp(result, "out") ? "]" : ", %s]", v->next->next->next->text);
  }
  return !strcmp(kind, must);
}

static void check_result(const char *name, const Json *one, const char *path, const char *suite, const char *usual) {
  File file = tensors(path);
  const Json nothing = {0}, *metadata = file.metadata ? file.metadata : &nothing;
  given += file.count;
  if ((find(metadata, "refused") || find(metadata, "unsupported")) && !file.count) { refused++; return; }
  if (!strcmp(text(one, "result"), "refuse")) die("must be refused, but has results");
  const char *keys[] = {"suite", "tcId"}, *musts[] = {suite, get(one, "tcId", 0)->text};
  for (int k = 0; k < 2; k++)
    if (find(metadata, keys[k]) && strcmp(text(metadata, keys[k]), musts[k]))
      fails(name, ": its %s is '%s', must be '%s'", keys[k], text(metadata, keys[k]), musts[k]);
  const char *class = find(metadata, "class") ? text(metadata, "class") : usual;
  char *listed = "";
  int among_them = 0;
  for (Json *may = get(one, "classes", '[')->first; may; may = may->next) {
    among_them |= may->text && !strcmp(may->text, class);
    listed = join(listed, *listed ? ", " : "", may->text ? may->text : "");
  }
  if (!among_them) die("its class '%s' is none of %s", class, listed);
  const char *number = !strcmp(class, "f64") ? "F64" : !strcmp(class, "f32-flash") ? "F32" : !strcmp(class, "bf16-flash") ? "BF16" : "F16";
  const Json *inputs = get(one, "inputs", '{'), *expect = get(one, "expect", '{');
  int backward = 0;
  for (size_t t = 0; t < file.count; t++) {
    const char *result = file.tensors[t].name;
    backward |= gradient(inputs, result);
    if (!find(expect, result) && !gradient(inputs, result) && strcmp(result, "out") && strcmp(result, "lse"))
      fails(name, " %s: is no result of this case", result);
  }
  for (Json *said = expect->first; said; said = said->next) {
    const Tensor *found = among(&file, said->key);
    int lse = !strcmp(said->key, "lse"), real = !strcmp(text(said, "dtype"), "F64"), f64 = !strcmp(class, "f64");
    if (!found) { /* lse may be left out, and all gradients together */
      if (!lse && !(gradient(inputs, said->key) && !backward)) fails(name, " %s: is missing", said->key);
      continue;
    }
    char first[LONGEST], second[LONGEST], both[LONGEST];
    const char *one_type = !real ? "BOOL" : lse && !f64 ? "F32" : number, *other = !real ? "I32" : lse && !f64 ? "F64" : one_type;
    extents(said, one_type, first);
    extents(said, other, second);
    extents(said, one_type == other ? other : join(one_type, " or ", other), both);
    int all = of_whole(one, said->key, one_type, found->kind) || of_whole(one, said->key, other, found->kind);
    if (!all && strcmp(found->kind, first) && strcmp(found->kind, second)) fails(name, " %s: is %s, must be %s", said->key, found->kind, both);
  }
}

static char **paths; /* of the results, from nftw, which calls without a context */
static size_t path_count;

static int collect(const char *path, const struct stat *status, int type, struct FTW *where) {
  (void)status, (void)where;
  size_t length = strlen(path), ending = strlen(".safetensors");
  if (type != FTW_F || length < ending || strcmp(path + length - ending, ".safetensors")) return 0;
  paths = realloc(paths, (path_count + 1) * sizeof *paths);
  if (!paths) return 1;
  paths[path_count++] = join(path, "", "");
  return 0;
}

static void check(const char *name, const Json *index, const char *suite, const char *results, const char *usual) {
  cases++;
  if (setjmp(broken)) { fails(name, ": %s", why); return; }
  const Json *entry = find(get(index, "cases", '{'), name);
  if (!entry) entry = find(get(index, "recipes", '{'), name);
  if (!entry) die("is no case of the suite");
  char *stem = join(suite, "/", text(entry, "file"));
  const Json *one = document(join(stem, ".json", ""));
  if (results) check_result(name, one, join(results, "/", join(name, ".safetensors", "")), text(index, "id"), usual);
  else check_case(name, one, join(stem, ".safetensors", ""));
}

int main(int count, char **arguments) {
  const char *suite = arguments[1], *results = count == 3 ? arguments[2] : NULL;
  static const char *usual = "";
  if (count != 2 && count != 3) return fputs("usage: reader SUITE [RESULTS]\n", stderr), 2;
  if (setjmp(broken)) return fprintf(stderr, "%s\n", why), 1;
  const Json *index = document(join(suite, "/suite.json", ""));
  if (!results) {
    for (Json *entry = get(index, "cases", '{')->first; entry; entry = entry->next) check(entry->key, index, suite, NULL, usual);
    for (Json *entry = get(index, "recipes", '{')->first; entry; entry = entry->next) check(entry->key, index, suite, NULL, usual);
  } else {
    char *listed = join(results, "/results.json", "");
    FILE *there = fopen(listed, "rb");
    if (there) fclose(there), usual = text(document(listed), "class");
    if (nftw(results, collect, 16, FTW_PHYS)) die("%s: cannot be read", results);
    for (size_t p = 0; p < path_count; p++) {
      char *below = paths[p] + strlen(results), *name = join(below + strspn(below, "/"), "", "");
      name[strlen(name) - strlen(".safetensors")] = 0;
      check(name, index, suite, results, usual);
    }
  }
  if (results) printf("%zu results, %zu tensors, %zu refused or unsupported, %zu failures\n", cases, given, refused, failures);
  else printf("%zu cases, %zu tensors drawn again, %zu written down, %zu failures\n", cases, again, written, failures);
  return failures || !cases;
}
