"""Gateways that are installed. Importing this registers them."""

from paseo.capabilities.payments import ports
from paseo.capabilities.payments.adapters.sandbox import SandboxGateway

ports.register(SandboxGateway())
