// What is read from the network before anything is known about the sender.
#include <memory>

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include "base/random.hpp"
#include "outagesim/client_hello.hpp"
#include "outagesim/dns_message.hpp"
#include "outagesim/graph/call.hpp"
#include "outagesim/http_message.hpp"

namespace outaged::sim {
namespace {

/// The first flight of a real client.
std::string real_hello(const char* name) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(context.get()), &SSL_free);
  BIO* sent = BIO_new(BIO_s_mem());
  SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), sent);
  // The macro for this holds a cast that our warnings refuse.
  if (name != nullptr)
    SSL_ctrl(client.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(name));
  SSL_connect(client.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(sent, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string random_bytes(Random& random, std::size_t size) {
  std::string out;
  while (out.size() < size) out += static_cast<char>(random());
  return out;
}

}  // namespace

TEST_CASE("the server name of a real ClientHello is read as soon as it is whole") {
  const std::string hello = real_hello("Graph.Facebook.com");
  const auto whole = read_client_hello(hello);
  CHECK(whole.state == ClientHello::State::whole);
  CHECK(whole.server_name == "graph.facebook.com");
  for (std::size_t size = 0; size < hello.size(); ++size)
    CHECK(read_client_hello(std::string_view(hello).substr(0, size)).state == ClientHello::State::incomplete);
  CHECK_FALSE(read_client_hello(real_hello(nullptr)).server_name);
}

TEST_CASE("a ClientHello in two records is put together") {
  const std::string hello = real_hello("mmg.whatsapp.net");
  const std::string body = hello.substr(5);
  const auto record = [](const std::string& fragment) {
    return std::string{"\x16\x03\x01", 3} + static_cast<char>(fragment.size() >> 8U) +
           static_cast<char>(fragment.size() & 0xFFU) + fragment;
  };
  CHECK(read_client_hello(record(body.substr(0, 60)) + record(body.substr(60))).server_name == "mmg.whatsapp.net");
}

TEST_CASE("other bytes are never taken for a ClientHello") {
  CHECK(read_client_hello("GET / HTTP/1.1\r\n").state == ClientHello::State::not_tls);
  Random random(1);
  std::string hello = real_hello("a.example");
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = hello;
    damaged[random.below(damaged.size())] = static_cast<char>(random());
    (void)read_client_hello(damaged);
    (void)read_client_hello(random_bytes(random, random.below(80)));
  }
}

TEST_CASE("a DNS question is answered under its own number and name") {
  // The literals are split where a hexadecimal escape would swallow the letter behind it.
  const std::string message =
      std::string{"\xAB\xCD\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12} + std::string{
                                                                                "\x03WWW\x07"
                                                                                "example\x03org\x00\x00\x01\x00\x01",
                                                                                21};
  const auto query = read_query(message);
  REQUIRE(query);
  CHECK(query->id == 0xABCD);
  CHECK(query->name == "www.example.org");
  CHECK(query->type == 1);
  const std::string reply =
      write_reply(*query, {DnsCode::no_error, false, {{"www.example.org", DnsType::a, 60, "127.0.0.1"}}});
  CHECK(reply.substr(0, 2) == "\xAB\xCD");
  CHECK(reply.substr(12, 21) == message.substr(12));
  CHECK(reply.substr(reply.size() - 4) == std::string("\x7F\x00\x00\x01", 4));
}

TEST_CASE("a name that came before in a DNS message is pointed to") {
  DnsQuery query;
  query.name = "a.example";
  query.question = std::string{
      "\x01"
      "a\x07"
      "example\x00\x00\x02\x00\x01",
      15};
  DnsReply reply;
  reply.answers = {{"example", DnsType::ns, 1, "ns.example"}};
  reply.authority = {{"example", DnsType::soa, 2, "ns.example me.example 3 4 5 6 7"}};
  const std::string records = write_reply(query, reply).substr(12 + 15);
  const std::string expected =
      std::string{
          "\x07"
          "example\x00\x00\x02\x00\x01\x00\x00\x00\x01\x00\x05\x02ns\xC0\x1B",
          24} +
      std::string{"\xC0\x1B\x00\x06\x00\x01\x00\x00\x00\x02\x00\x1B\xC0\x2E\x02me\xC0\x1B", 19} +
      std::string{"\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0\6\0\0\0\7", 20};
  CHECK(records == expected);
}

TEST_CASE("damaged DNS messages are refused without harm") {
  Random random(2);
  const std::string message =
      std::string{"\xAB\xCD\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12} + std::string{
                                                                                "\x03WWW\x07"
                                                                                "example\x03org\x00\x00\x01\x00\x01",
                                                                                21};
  const auto query = read_query(message);
  REQUIRE(query);
  CHECK(query->id == 0xABCD);
  CHECK(query->name == "www.example.org");
  CHECK(query->type == 1);
  const std::string reply =
      write_reply(*query, {DnsCode::no_error, false, {{"www.example.org", DnsType::a, 60, "127.0.0.1"}}});
  CHECK(reply.substr(0, 2) == "\xAB\xCD");
  CHECK(reply.substr(12, 21) == message.substr(12));
  CHECK(reply.substr(reply.size() - 4) == std::string("\x7F\x00\x00\x01", 4));
}

TEST_CASE("damaged DNS messages are refused without harm") {
  Random random(2);
  const std::string message{"\xAB\xCD\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x02xx\x00\x00\x01\x00\x01", 24};
  for (std::size_t size = 0; size + 1 < message.size(); ++size) CHECK_FALSE(read_query(message.substr(0, size)));
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = message;
    damaged[random.below(damaged.size())] = static_cast<char>(random());
    if (const auto query = read_query(damaged)) CHECK(query->question.size() + 12 <= damaged.size());
  }
  // An answer is no question: two servers must not talk to each other for ever.
  std::string answer = message;
  answer[2] = '\x81';
  CHECK_FALSE(read_query(answer));
}

TEST_CASE("multipart bodies are taken apart byte by byte") {
  const std::string body =
      "--xx\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n"
      "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
      "a\r\n--x\r\nb\r\n--xx--\r\n";
  const auto parts = parse_multipart("multipart/form-data; boundary=xx", body);
  REQUIRE(parts);
  REQUIRE(parts->size() == 2);
  CHECK(parts->at(0).content == "whatsapp");
  CHECK_FALSE(parts->at(0).file_name);
  CHECK(parts->at(1).file_name == "a.png");
  CHECK(parts->at(1).content == "a\r\n--x\r\nb");
  for (const auto* broken : {"", "--xx", "--xx\r\n", "--xx\r\nno colon\r\n\r\nx\r\n--xx--", "--yy\r\n\r\n\r\n--yy--"})
    CHECK_FALSE(parse_multipart("multipart/form-data; boundary=xx", broken));
  CHECK_FALSE(parse_multipart("multipart/form-data", body));
}

TEST_CASE("parameters of a Graph call count wherever the client puts them") {
  Request request;
  request.method = "POST";
  request.path = "/v23.0/123/media";
  request.query = {{"a", "1"}};
  request.headers = {{"content-type", "application/json"}, {"authorization", "OAuth secret"}};
  request.body = R"({"b":"two","c":3})";
  const auto call = graph::parse_call(request);
  CHECK(call.version == "v23.0");
  CHECK(call.path == std::vector<std::string>{"123", "media"});
  CHECK(call.parameter("a") == "1");
  CHECK(call.parameter("b") == "two");
  CHECK(call.parameter("c") == "3");
  CHECK(call.token == "secret");
  request.path = "/123";
  request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  request.body = "access_token=t%2Bt&d=x+y";
  const auto form = graph::parse_call(request);
  CHECK(form.version.empty());
  CHECK(form.parameter("d") == "x y");
  CHECK(form.token == "t+t");
}

}  // namespace outaged::sim
