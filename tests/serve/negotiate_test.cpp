// Compression and conditional requests.
#include <algorithm>
#include <array>

#include <zlib.h>

#include "serve/ask.hpp"

using namespace outaged;
using namespace outaged::serve;

namespace {

const std::string kLong(5000, 'a');

Response answered(const std::string& method, const std::map<std::string, std::string>& headers, std::string body) {
  auto asked = test::request(method, "/");
  asked.headers = headers;
  Response response{200, "text/plain", std::move(body)};
  negotiate(asked, response);
  return response;
}

std::string header(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

std::string inflated(const std::string& gzip) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string in = gzip;
  std::string out(100'000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("a client that takes gzip gets it when it is worth it") {
  const auto response = answered("GET", {{"accept-encoding", "br, gzip;q=0.8"}}, kLong);
  CHECK(header(response, "Content-Encoding") == "gzip");
  CHECK(inflated(response.body) == kLong);
  CHECK(header(answered("GET", {{"accept-encoding", "gzip"}}, "short"), "Content-Encoding").empty());
}

TEST_CASE("a client that does not take gzip, or refuses it, gets the text itself") {
  CHECK(answered("GET", {}, kLong).body == kLong);
  CHECK(answered("GET", {{"accept-encoding", "gzip;q=0"}}, kLong).body == kLong);
  CHECK(answered("GET", {{"accept-encoding", "gzip;q=0.000, br"}}, kLong).body == kLong);
  CHECK(answered("GET", {{"accept-encoding", ",,;;q=="}}, kLong).body == kLong);
}

TEST_CASE("a client that has the answer already is told so, also through a proxy that weakened the tag") {
  const auto etag = header(answered("GET", {}, kLong), "ETag");
  REQUIRE_FALSE(etag.empty());
  for (const auto& known : {etag, "W/" + etag, "\"other\", " + etag, std::string{"*"}}) {
    CAPTURE(known);
    const auto response = answered("GET", {{"if-none-match", known}}, kLong);
    CHECK(response.status == 304);
    CHECK(response.body.empty());
  }
  CHECK(answered("GET", {{"if-none-match", "\"other\""}}, kLong).status == 200);
}

TEST_CASE("the compressed form has a tag of its own") {
  const std::pair<const std::string, std::string> gzip{"accept-encoding", "gzip"};
  const auto plain = header(answered("GET", {}, kLong), "ETag");
  const auto packed = header(answered("GET", {gzip}, kLong), "ETag");
  CHECK(plain != packed);
  CHECK(answered("GET", {gzip, {"if-none-match", packed}}, kLong).status == 304);
  CHECK(answered("GET", {gzip, {"if-none-match", plain}}, kLong).status == 200);
  CHECK(answered("GET", {{"if-none-match", packed}}, kLong).status == 200);
  CHECK(header(answered("GET", {gzip}, "short"), "ETag") == header(answered("GET", {}, "short"), "ETag"));
}

TEST_CASE("what is no 200 to a GET is left alone") {
  auto asked = test::request("POST", "/");
  asked.headers["accept-encoding"] = "gzip";
  Response response{200, "text/plain", kLong};
  negotiate(asked, response);
  CHECK(response.body == kLong);
  CHECK(response.headers.empty());
}

TEST_CASE("a document is compressed once and shared") {
  const auto document = make_document("text/plain", kLong);
  CHECK(inflated(document->gzip) == kLong);
  CHECK(make_document("text/plain", "tiny")->gzip.empty());
  auto asked = test::request("GET", "/");
  asked.headers["accept-encoding"] = "gzip";
  Response response;
  response.document = document;
  negotiate(asked, response);
  CHECK(header(response, "Content-Encoding") == "gzip");
  CHECK(header(response, "ETag") == document->etag.substr(0, document->etag.size() - 1) + "-gzip\"");
}

TEST_CASE("what was negotiated where it was made is not packed again") {
  // Long enough, once packed, to be worth it a second time.
  std::string numbers;
  for (int i = 0; i < 5000; ++i) numbers += std::to_string(i * i) + ' ';
  auto asked = test::request("GET", "/");
  asked.headers["accept-encoding"] = "gzip";
  Response response{200, "text/plain", numbers};
  negotiate(asked, response);
  negotiate(asked, response);
  CHECK(inflated(response.body) == numbers);
  CHECK(std::ranges::count(response.headers, "ETag", &std::pair<std::string, std::string>::first) == 1);
}

TEST_CASE("of the languages that are offered the client gets the one it likes best") {
  const auto language_for = [](const char* accepted) {
    constexpr std::array<std::string_view, 2> kOffered{"en", "it"};
    Request request;
    request.headers["accept-language"] = accepted;
    return kOffered.at(preferred_language(request, kOffered));
  };
  for (const auto* accepted : {"it", "IT-it", "it-IT,it;q=0.9,en;q=0.8", "de, it;q=0.3", "it, en",
                               "en;q=0.5, it;q=0.501", "en;q=0, *", "*;q=0.1, en;q=0, it"}) {
    CAPTURE(accepted);
    CHECK(language_for(accepted) == "it");
  }
  for (const auto* accepted : {"", "en", "de", "*", "en-GB,en;q=0.9,it;q=0.8", "it;q=0", "it;q=0, de", "it;q=none",
                               "en, it", "italic", "de, *;q=0.5", ";;,,;q="}) {
    CAPTURE(accepted);
    CHECK(language_for(accepted) == "en");
  }
  CHECK(preferred_language({}, {}) == 0);
}
