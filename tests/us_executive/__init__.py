"""The list of presidents and vice-presidents of the United States, in ten versions."""
