"""RabbitMQ: exchanges, queues and messages over AMQP 0-9-1."""
