#include "probe_cost/reference_loop.hpp"

#include <stdexcept>

#include <curl/curl.h>

namespace outaged::bench {
namespace {

std::size_t discard(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

CURL* make_request(const Paced& paced) {
  CURL* easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, paced.url.c_str());
  curl_easy_setopt(easy, CURLOPT_CAINFO, paced.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 10'000L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &discard);
  return easy;
}

/// Frees what has ended; the number of those.
int collect(CURLM* multi) {
  int ended = 0;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    if (message->data.result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(message->data.result));
    curl_multi_remove_handle(multi, easy);
    curl_easy_cleanup(easy);
    ++ended;
  }
  return ended;
}

}  // namespace

Micros reference_loop(const Paced& paced) {
  CURLM* multi = curl_multi_init();
  const Micros cpu = thread_cpu_time();
  const Instant begin = MonotonicClock::now();
  int started = 0;
  int ended = 0;
  while (ended < paced.requests) {
    const auto elapsed = std::chrono::duration<double>(MonotonicClock::now() - begin).count();
    while (started < paced.requests && started <= elapsed * paced.per_second) {
      curl_multi_add_handle(multi, make_request(paced));
      ++started;
    }
    int running = 0;
    curl_multi_perform(multi, &running);
    ended += collect(multi);
    const double next = static_cast<double>(started) / paced.per_second - elapsed;
    const int wait = started < paced.requests ? static_cast<int>(next * 1000) + 1 : 100;
    curl_multi_poll(multi, nullptr, 0, std::max(1, wait), nullptr);
  }
  const Micros used = thread_cpu_time() - cpu;
  curl_multi_cleanup(multi);
  return used;
}

}  // namespace outaged::bench
