"""Codes of this room's diagnostics: when each is said, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "absent": "The server answered 404 on a link, mirror topic, topic or group. Plan again.",
    "already-exists": "The name of a new link, mirror or topic is taken. Plan again to see who owns it.",
    "answer-cut-off": "The body of an answer ends too early. Repeat; look for a proxy with a limit.",
    "bad-token-url": "What `tokenUrl` names is not the URL of a token endpoint. Put `https://host/path` there.",
    "bad-next-page": "A list goes on at another server, or in a circle, so it was not read to its end. Use the "
    "address that the server gives for itself.",
    "certificate-refused": "The server's TLS certificate is not trusted. Set tls.caFile, check the host name.",
    "client-certificate-required": "The server wants a client certificate. Set tls.certFile and tls.keyFile.",
    "cluster-id-needed": "The server names no cluster, or several. Give clusterId.",
    "configs-missing": "A server lists no value of a link's configs. Repeat; check restEndpoint and rights.",
    "connect-timeout": "The server did not take the connection in time. Check address and firewall.",
    "connection-lost": "The connection broke before the whole answer was there. Repeat: writes are looked up first.",
    "empty-answer": "A success without a body where one is needed. Something answers in the cluster's place.",
    "endless-list": "A list goes on for ten thousand pages, or a quarter of an hour. See what answers there.",
    "filter-unreadable": "The filter text on a live link cannot be understood. Correct or reset it there.",
    "html-answer": "A web page came instead of the API's answer. Check restEndpoint.",
    "link-credentials-refused": "The other cluster refuses the link's credentials. Correct the link, not the API key.",
    "mirror-refused": "A pause, resume, promote or failover was refused for one mirror topic. Plan again.",
    "no-answer": "The server took the request and did not answer in time. A write may still take effect.",
    "no-connection": "No connection could be made. Check network, VPN and firewall.",
    "no-rest-endpoint": "A cluster without restEndpoint was to be asked. Give it one.",
    "no-such-path": "404 for the path itself. Check the base path (/kafka/v3 or /v3), and clusterId on Cloud.",
    "no-token": "The OAuth token endpoint gave no access token. Check tokenUrl, id, secret and scope.",
    "nobody-listening": "The connection was refused. Check the port, and that the REST API is up.",
    "not-authenticated": "401: the cluster does not accept the credentials in `auth`.",
    "not-authorized": "403, or a 401 that says so: the credentials are good and the principal lacks rights; "
    "or a link with live mirror topics was to be deleted.",
    "not-json": "The answer is not JSON. Something else may answer at that address.",
    "not-offered": "405 or 501: this server does not have the call. Check its version.",
    "not-yet-visible": "The server does not see a new link yet. This passes by itself.",
    "proxy-failed": "The proxy refused, or no connection became free. Check HTTPS_PROXY and NO_PROXY.",
    "redirected": "The server redirects. Put the address that answers itself into restEndpoint.",
    "rejected": "The server refused a request with 4xx and said why.",
    "request-impossible": "The URL or a header cannot be sent. Check restEndpoint and credentials for odd characters.",
    "server-fault": "The server failed with 5xx. Look at its log; a write may have taken effect.",
    "throttled": "429: too many requests. Come back later, or use less parallelism.",
    "tls-failed": "The TLS handshake failed. Check http:// against https://, and the client certificate.",
    "tls-file-unusable": "A CA file, certificate or key cannot be used. Check path, rights, PEM and password.",
    "unexpected-answer": "JSON that is not what the API promises. Check restEndpoint and the server's version.",
    "unknown-host": "The host name cannot be resolved. Check restEndpoint, DNS and VPN.",
    "unusable-token": "The bearer token is empty or cannot stand in a header. Put it alone on one line.",
    "wrong-cluster-id": "The server is another cluster than the YAML names. Correct clusterId or restEndpoint.",
    "wrong-encoding": "The body is not compressed the way its header says. Look for a proxy.",
}
