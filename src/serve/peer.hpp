#pragma once
// Who is on the other side of a connection, by what the kernel says.
#include <string>

namespace outaged::serve {

struct Peer {
  std::string address;       ///< without the port; "" over the Unix socket
  bool over_socket = false;  ///< the Unix socket
  std::string user;          ///< name of the user behind the Unix socket
  bool privileged = false;   ///< root, or the user that runs the daemon
};

/// Of a connected Unix socket.
Peer peer_of_socket(int descriptor);

}  // namespace outaged::serve
